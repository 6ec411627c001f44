#include "app/queue/queue_place.h"

#include <amqp.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "models/error.h"

namespace avtalskoll::app {
namespace {

std::string from_environment(const char* name) {
    const char* set = std::getenv(name);
    return set ? set : "";
}

std::string first_line_of(const std::string& file) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line))
        throw Error(ErrorKind::BadInput, fmt::format("{}: no password can be read there "
                                                     "(AVTALSKOLL_QUEUE_PASSWORD_FILE)",
                                                     file));
    return line;
}

}  // namespace

std::string QueuePlace::shown() const {
    return fmt::format("{}://{}@{}:{}{}{}", uses_tls ? "amqps" : "amqp", user, host, port,
                       vhost == "/" ? "" : "/", vhost);
}

QueuePlace queue_place(const std::string& url) {
    std::string parsed_url = url;  // its parts are cut out in place
    amqp_connection_info parsed{};
    amqp_default_connection_info(&parsed);
    if (amqp_parse_url(parsed_url.data(), &parsed) != AMQP_STATUS_OK)
        throw Error(ErrorKind::BadInput,
                    "--queue is not a URL of the form amqp://[USER@]HOST[:PORT][/VHOST]");
    QueuePlace place;
    place.host = parsed.host;
    if (*parsed.vhost != '\0') place.vhost = parsed.vhost;  // HOST/ is HOST
    place.user = parsed.user;
    place.password = parsed.password;
    place.port = parsed.port;
    place.uses_tls = parsed.ssl != 0;
    if (const auto file = from_environment("AVTALSKOLL_QUEUE_PASSWORD_FILE"); !file.empty())
        place.password = first_line_of(file);
    else if (const auto password = from_environment("AVTALSKOLL_QUEUE_PASSWORD"); !password.empty())
        place.password = password;
    if (const auto file = from_environment("AVTALSKOLL_QUEUE_CA"); !file.empty())
        place.authorities = file;
    return place;
}

}  // namespace avtalskoll::app
