#include "app/http/http_server.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstring>
#include <memory>
#include <thread>

#include "app/http/session_list.h"
#include "app/http/unix_socket.h"
#include "models/error.h"

namespace avtalskoll::app::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::seconds;
using Protocol = asio::generic::stream_protocol;  // TCP, or a Unix socket
using Socket = Protocol::socket;

constexpr std::chrono::milliseconds kPoll{100};  // how soon a request to stop is seen
constexpr seconds kLastWords{10};                // requests at work may take so long to finish then

class Session;

// Shared by all connections.
struct Shared {
    const ServerOptions& options;
    const Handlers& handlers;
    asio::thread_pool slow;
    std::atomic<int> slow_waiting{0}, uploads{0}, connections{0};
    std::atomic<std::uint64_t> upload_number{0};
    std::atomic<bool> stopping{false};

    IdleSessions<Session> idle;

    Shared(const ServerOptions& o, const Handlers& h)
        : options(o), handlers(h), slow(static_cast<std::size_t>(o.slow_threads)) {}
};

tcp::endpoint tcp_endpoint(const Protocol::endpoint& generic) {
    tcp::endpoint endpoint;
    std::memcpy(endpoint.data(), generic.data(), std::min(generic.size(), endpoint.capacity()));
    return endpoint;
}

std::string address_of(const Protocol::endpoint& peer) {
    return tcp_endpoint(peer).address().to_string();
}

// One connection: its requests one after the other. Everything but responding to slow requests runs
// on the stream's strand.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(Socket socket, Shared& shared)
        : stream_(std::move(socket)), shared_(shared), counted_(shared.connections) {
        error_code gone;
        const auto peer = stream_.socket().remote_endpoint(gone);
        if (!gone && way() == Way::Network) peer_ = address_of(peer);
    }
    ~Session() { remove_upload(); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // From any thread.
    void start() {
        asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
    }

    // From any thread: ends a connection that waits for a request.
    void drop() {
        asio::post(stream_.get_executor(), [self = shared_from_this()] {
            if (!self->busy_) self->stream_.close();
        });
    }

private:
    void read() {
        header_.emplace();
        header_->header_limit(limits().header_bytes);
        // The limit is looked at below, when it is known what the body is for.
        header_->body_limit(UINT64_MAX);
        const bool first = !served_;
        stream_.expires_after(seconds(first ? limits().header_seconds : limits().idle_seconds));
        idle_number_ = shared_.idle.add(weak_from_this());
        http::async_read_header(
            stream_, buffer_, *header_,
            [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
    }

    Way way() const { return shared_.options.socket.empty() ? Way::Network : Way::UnixSocket; }
    const ServerLimits& limits() const { return shared_.options.limits; }

    void on_header(error_code error) {
        shared_.idle.remove(idle_number_);
        busy_ = true;
        if (error == http::error::header_limit) return refuse(431);
        if (error == http::error::end_of_stream || error == beast::error::timeout ||
            error == asio::error::operation_aborted || error == asio::error::connection_reset)
            return;
        if (error) return refuse(400);
        const auto& head = header_->get();
        keep_alive_ = head.keep_alive();
        is_head_ = head.method() == http::verb::head;
        target_ = parse_target({head.target().data(), head.target().size()});
        if (!target_) return refuse(400);
        kind_ = shared_.handlers.kind(method(), *target_);
        const std::uint64_t most =
            kind_ == Kind::Upload ? limits().upload_bytes : limits().body_bytes;
        if (header_->content_length() && *header_->content_length() > most) return refuse(413);
        if (kind_ == Kind::Upload && !begin_upload(head)) return;
        if (beast::iequals(head[http::field::expect], "100-continue")) return say_continue();
        read_body();
    }

    std::string method() const {
        return is_head_ ? "GET" : std::string(header_->get().method_string());
    }

    // Finds a place for the body; false when it was refused.
    template <class Head>
    bool begin_upload(const Head& head) {
        request_ = Request{};
        take_head(head);
        request_.path = target_->path;
        if (auto refusal = refusal_of_upload()) {
            keep_alive_ = false;
            send(std::move(*refusal));
            return false;
        }
        upload_counted_ = std::make_unique<Counted>(shared_.uploads);
        if (upload_counted_->now() > limits().uploads_at_once) {
            refuse(503);
            return false;
        }
        upload_path_ =
            shared_.options.upload_folder / fmt::format("{}.body", ++shared_.upload_number);
        return true;
    }

    std::optional<Response> refusal_of_upload() try {
        return shared_.handlers.before_upload(request_);
    } catch (const std::exception& e) {
        shared_.handlers.note_fault(e.what());
        return shared_.handlers.refuse(500, nullptr);
    }

    void say_continue() {
        auto go_on =
            std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
        http::async_write(stream_, *go_on,
                          [self = shared_from_this(), go_on](error_code error, std::size_t) {
                              if (!error) self->read_body();
                          });
    }

    void read_body() {
        const auto done = [self = shared_from_this()](error_code error, std::size_t) {
            self->on_body(error);
        };
        if (kind_ == Kind::Upload) {
            stream_.expires_after(seconds(limits().upload_seconds));
            upload_.emplace(std::move(*header_));
            upload_->body_limit(limits().upload_bytes);
            error_code error;
            upload_->get().body().open(upload_path_.c_str(), beast::file_mode::write, error);
            if (error) return refuse(503);
            http::async_read(stream_, buffer_, *upload_, done);
        } else {
            stream_.expires_after(seconds(limits().body_seconds));
            small_.emplace(std::move(*header_));
            small_->body_limit(limits().body_bytes);
            http::async_read(stream_, buffer_, *small_, done);
        }
    }

    void on_body(error_code error) {
        if (error == http::error::body_limit) return refuse(413);
        if (error == beast::error::timeout) return;
        if (error && kind_ == Kind::Upload && error != http::error::end_of_stream &&
            error != http::error::partial_message &&
            error.category() == boost::system::system_category())
            return refuse(507);  // the disk would not take it
        if (error) return refuse(400);
        request_ = Request{};
        if (kind_ == Kind::Upload) {
            upload_->get().body().close();
            request_.body_file = upload_path_;
            take_head(upload_->get());
        } else {
            request_.body = std::move(small_->get().body());
            take_head(small_->get());
        }
        request_.path = std::move(target_->path);
        request_.query = std::move(target_->query);
        if (kind_ == Kind::Fast) return send(respond());
        auto waiting = std::make_shared<Counted>(shared_.slow_waiting);
        if (waiting->now() > limits().slow_waiting) return refuse(503);
        stream_.expires_never();
        asio::post(shared_.slow, [self = shared_from_this(), waiting,
                                  work = asio::make_work_guard(stream_.get_executor())] {
            auto response = std::make_shared<Response>(self->respond());
            asio::post(self->stream_.get_executor(),
                       [self, response] { self->send(std::move(*response)); });
        });
    }

    template <class Message>
    void take_head(const Message& message) {
        request_.method = is_head_ ? "GET" : std::string(message.method_string());
        request_.peer = peer_;
        request_.way = way();
        for (const auto& field : message)
            request_.add_header({field.name_string().data(), field.name_string().size()},
                                {field.value().data(), field.value().size()});
    }

    Response respond() try {
        return shared_.handlers.respond(request_);
    } catch (const std::exception& e) {
        shared_.handlers.note_fault(e.what());
        return shared_.handlers.refuse(500, nullptr);
    }

    // Answers and ends the connection: what follows on it is not understood, or not wanted.
    void refuse(int status) {
        keep_alive_ = false;
        send(shared_.handlers.refuse(status, target_ ? &*target_ : nullptr));
    }

    void send(Response response) {
        const bool keep = keep_alive_ && !shared_.stopping;
        if (!response.body_file.empty() && !is_head_) return send_file(response, keep);
        const std::size_t length = response.body.size();
        auto message = std::make_shared<http::response<http::string_body>>(http::status::ok, 11);
        fill_head(*message, response, keep);
        if (!is_head_) message->body() = std::move(response.body);
        message->content_length(length);
        stream_.expires_after(seconds(limits().write_seconds));
        http::async_write(stream_, *message,
                          [self = shared_from_this(), message, keep](
                              error_code error, std::size_t) { self->on_sent(error, keep); });
    }

    template <class Message>
    static void fill_head(Message& message, const Response& response, bool keep) {
        message.result(static_cast<unsigned>(response.status));
        message.set(http::field::content_type, response.type);
        for (const auto& [name, value] : response.headers) message.insert(name, value);
        message.keep_alive(keep);
    }

    // A file on its way out.
    struct FileMessage {
        http::response<http::file_body> message{http::status::ok, 11};
        // Looks at the file when it is made.
        std::optional<http::response_serializer<http::file_body>> serializer;
    };

    void send_file(const Response& response, bool keep) {
        const auto file = std::make_shared<FileMessage>();
        error_code error;
        file->message.body().open(response.body_file.c_str(), beast::file_mode::scan, error);
        if (error) return send(shared_.handlers.refuse(404, nullptr));
        fill_head(file->message, response, keep);
        file->message.prepare_payload();
        file->serializer.emplace(file->message);
        send_some(file, keep);
    }

    // Piece by piece: each has its own time, so that a slow line takes what it needs and a dead one
    // does not.
    void send_some(const std::shared_ptr<FileMessage>& file, bool keep) {
        stream_.expires_after(seconds(limits().write_seconds));
        http::async_write_some(
            stream_, *file->serializer,
            [self = shared_from_this(), file, keep](error_code error, std::size_t) {
                if (error || file->serializer->is_done()) self->on_sent(error, keep);
                else self->send_some(file, keep);
            });
    }

    void on_sent(error_code error, bool keep) {
        end_request();
        if (error) return;
        if (keep) return read();
        // Half closed, so that a client that still sends gets to read the answer; what it sends is
        // not read.
        stream_.socket().shutdown(Socket::shutdown_send, error);
        stream_.expires_after(seconds(2));
        drain();
    }

    void drain() {
        drained_.resize(4096);
        stream_.async_read_some(asio::buffer(drained_),
                                [self = shared_from_this()](error_code error, std::size_t got) {
                                    self->drained_total_ += got;
                                    if (!error && self->drained_total_ < (4U << 20)) self->drain();
                                });
    }

    void end_request() {
        served_ = true;
        busy_ = false;
        small_.reset();
        upload_.reset();
        upload_counted_.reset();
        target_.reset();
        remove_upload();
    }

    void remove_upload() {
        if (upload_path_.empty()) return;
        std::error_code gone;
        std::filesystem::remove(upload_path_, gone);
        upload_path_.clear();
    }

    beast::basic_stream<Protocol> stream_;
    Shared& shared_;
    const Counted counted_;
    std::string peer_;
    beast::flat_buffer buffer_{128 << 10};
    std::optional<http::request_parser<http::empty_body>> header_;
    std::optional<http::request_parser<http::string_body>> small_;
    std::optional<http::request_parser<http::file_body>> upload_;
    std::unique_ptr<Counted> upload_counted_;
    std::filesystem::path upload_path_;
    std::optional<Target> target_;
    Kind kind_ = Kind::Fast;
    Request request_;
    std::string drained_;
    std::size_t drained_total_ = 0;
    std::uint64_t idle_number_ = 0;
    bool keep_alive_ = false, is_head_ = false, served_ = false, busy_ = false;
};

class Server {
public:
    Server(const ServerOptions& options, const Handlers& handlers,
           std::function<bool()> should_stop)
        : shared_(options, handlers), io_(options.threads), should_stop_(std::move(should_stop)) {
        listen();
    }

    std::uint16_t port() const {
        return file_ ? 0 : tcp_endpoint(acceptor_.local_endpoint()).port();
    }

    void run() {
        accept();
        watch();
        const auto stays = asio::make_work_guard(io_);
        std::vector<std::thread> threads;
        for (int i = 0; i < shared_.options.threads; ++i)
            threads.emplace_back([this] { io_.run(); });
        door_.run();
        for (std::thread& thread : threads) thread.join();
        shared_.slow.join();
    }

private:
    void listen() {
        const ServerOptions& options = shared_.options;
        if (options.socket.empty()) return listen_on_network();
        file_.emplace(options.socket);
        acceptor_.assign(Protocol(AF_UNIX, 0), file_->release());
    }

    void listen_on_network() {
        const ServerOptions& options = shared_.options;
        error_code error;
        const auto address = asio::ip::make_address(options.host, error);
        if (error)
            throw Error(ErrorKind::BadInput, fmt::format("--listen: '{}' is not an address; give "
                                                         "one such as 127.0.0.1:8080 or [::1]:8080",
                                                         options.host));
        const tcp::endpoint endpoint(address, options.port);
        acceptor_.open(endpoint.protocol(), error);
        if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error)
            throw Error(
                ErrorKind::Io,
                fmt::format(
                    "--listen {}:{}: {}; choose another port, or end the program that has it",
                    options.host, options.port, error.message()));
    }

    void accept() {
        acceptor_.async_accept(asio::make_strand(io_), [this](error_code error, Socket socket) {
            if (!acceptor_.is_open()) return;
            if (error) {  // no descriptors left, most likely: some will come free
                pause_.expires_after(kPoll);
                pause_.async_wait([this](error_code) { accept(); });
                return;
            }
            admit(std::move(socket));
            accept();
        });
    }

    void admit(Socket socket) {
        if (shared_.connections >= shared_.options.limits.connections) {
            const auto idle = shared_.idle.take_longest();
            if (!idle) return;  // all are at work: this one is closed
            idle->drop();
        }
        std::make_shared<Session>(std::move(socket), shared_)->start();
    }

    void watch() {
        clock_.expires_after(kPoll);
        clock_.async_wait([this](error_code) {
            if (!should_stop_()) return watch();
            shared_.stopping = true;
            acceptor_.close();
            while (const auto idle = shared_.idle.take_longest()) idle->drop();
            clock_.expires_after(kLastWords);
            clock_.async_wait([this](error_code) {
                io_.stop();
                door_.stop();
            });
            await_end();
        });
    }

    // Ends the clock, and with it all, as soon as the last connection is gone.
    void await_end() {
        pause_.expires_after(kPoll);
        pause_.async_wait([this](error_code) {
            if (shared_.connections == 0) clock_.cancel();
            else await_end();
        });
    }

    Shared shared_;  // outlives the sessions that are left in io_
    asio::io_context io_;
    // Accepts connections and watches for the end, on a thread of its own: among the requests, each
    // new connection would wait until all others had a turn.
    asio::io_context door_{1};
    asio::basic_socket_acceptor<Protocol> acceptor_{door_};
    std::optional<UnixSocket> file_;
    asio::steady_timer clock_{door_}, pause_{door_};
    const std::function<bool()> should_stop_;
};

// A connection takes a descriptor, and so do the store's and the drawing's files.
void allow_descriptors(int connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::min<rlim_t>(
        limit.rlim_max, std::max<rlim_t>(limit.rlim_cur, static_cast<rlim_t>(connections) + 512));
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

void serve(const ServerOptions& options, const Handlers& handlers,
           const std::function<void(std::uint16_t port)>& listening,
           const std::function<bool()>& should_stop) {
    allow_descriptors(options.limits.connections);
    Server server(options, handlers, should_stop);
    listening(server.port());
    server.run();
}

}  // namespace avtalskoll::app::web
