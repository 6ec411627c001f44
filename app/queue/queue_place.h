// Where the work queue is, and how to log in there.
#pragma once
#include <string>

namespace avtalskoll::app {

struct QueuePlace {
    std::string host = "localhost", vhost = "/", user = "guest";
    std::string password = {};  // never in messages
    int port = 5672;
    bool uses_tls = false;
    int heartbeat_seconds = 30;
    // The certificates that the server's is checked against, when TLS is used.
    std::string authorities = "/etc/ssl/certs/ca-certificates.crt";

    // For messages; without the password.
    std::string shown() const;
};

// `url`: amqp://[USER@]HOST[:PORT][/VHOST], amqps:// for TLS. The password comes from the file that
// AVTALSKOLL_QUEUE_PASSWORD_FILE names, or from AVTALSKOLL_QUEUE_PASSWORD, or from the URL; another
// file of authorities from AVTALSKOLL_QUEUE_CA. Throws Error{BadInput} when it is no such URL or
// the file cannot be read.
QueuePlace queue_place(const std::string& url);

}  // namespace avtalskoll::app
