// Serves HTTP/1.1 on one address or Unix socket, with limits on everything that a client can make
// large, long or many.
//
// Handlers run on the server's threads, many at once. Slow requests (drawing, uploads, passwords)
// have threads of their own, so that they never keep others waiting.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "app/http/http.h"

namespace avtalskoll::app::web {

struct ServerLimits {
    std::uint32_t header_bytes = 16 << 10;
    std::uint64_t body_bytes = 256 << 10;
    std::uint64_t upload_bytes = 300u << 20;
    int header_seconds = 10;   // for the whole header, from the first byte or the connection on
    int body_seconds = 20;     // for the whole of a small body
    int upload_seconds = 600;  // for the whole of an upload
    int idle_seconds = 30;     // between requests on one connection
    int write_seconds = 60;    // for the client to take a response
    int connections = 1024;    // more: the one that has sat idle longest is closed
    int slow_waiting = 64;     // slow requests that may wait their turn; more get 503
    int uploads_at_once = 4;   // more get 503
};

struct ServerOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;     // 0: any that is free
    std::filesystem::path socket;  // a Unix socket, instead of host and port; empty: none
    int threads = 4, slow_threads = 2;
    std::filesystem::path upload_folder;  // for bodies of uploads; there already, and nobody else's
    ServerLimits limits;
};

// How a request is to be taken.
enum class Kind { Fast, Slow, Upload };

struct Handlers {
    std::function<Kind(const std::string& method, const Target& target)> kind;
    // The refusal, before the body is taken; nullopt: the body may come.
    std::function<std::optional<Response>(const Request& head)> before_upload;
    // An exception that it throws becomes 500.
    std::function<Response(const Request&)> respond;
    // For what never reaches respond(): 400, 408, 411, 413, 431, 500, 503.
    std::function<Response(int status, const Target* of)> refuse;
    // Gets an exception's text.
    std::function<void(const std::string& what)> note_fault;
};

// Serves until `should_stop` says so; calls `listening` with the port (0: a Unix socket) once
// connections are taken. Requests at work are finished. Throws Error{BadInput} when the address is
// none, Error{Io} when it cannot be listened on.
void serve(const ServerOptions& options, const Handlers& handlers,
           const std::function<void(std::uint16_t port)>& listening,
           const std::function<bool()>& should_stop);

}  // namespace avtalskoll::app::web
