#include "app/queue/work_queue.h"

#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "models/error.h"

namespace avtalskoll::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr amqp_channel_t kChannel = 1;
constexpr std::chrono::seconds kAnswerLimit{10};
constexpr int kFrameBytes = 131'072;
constexpr const char* kWorkQueue = "avtalskoll.work";
constexpr const char* kDeadQueue = "avtalskoll.dead";
constexpr std::uint8_t kPersistent = 2;

const char* name_of(QueueName queue) {
    return queue == QueueName::ToCheck ? kWorkQueue : kDeadQueue;
}

timeval timeval_of(milliseconds time) {
    return {static_cast<time_t>(time.count() / 1000),
            static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

std::string text_of(const amqp_bytes_t& bytes) {
    return {static_cast<const char*>(bytes.bytes), bytes.len};
}

amqp_table_entry_t entry(const char* key, const char* text) {
    amqp_table_entry_t made{};
    made.key = amqp_cstring_bytes(key);
    made.value.kind = AMQP_FIELD_KIND_UTF8;
    made.value.value.bytes = amqp_cstring_bytes(text);
    return made;
}

amqp_table_entry_t entry(const char* key, int number) {
    amqp_table_entry_t made{};
    made.key = amqp_cstring_bytes(key);
    made.value.kind = AMQP_FIELD_KIND_I64;
    made.value.value.i64 = number;
    return made;
}

template <std::size_t N>
amqp_table_t table_of(std::array<amqp_table_entry_t, N>& entries) {
    return {static_cast<int>(N), entries.data()};
}

const amqp_table_entry_t* header_of(const amqp_message_t& message, const char* name) {
    if ((message.properties._flags & AMQP_BASIC_HEADERS_FLAG) == 0) return nullptr;
    const amqp_table_t& headers = message.properties.headers;
    for (int i = 0; i < headers.num_entries; ++i)
        if (text_of(headers.entries[i].key) == name) return &headers.entries[i];
    return nullptr;
}

int delivery_count(const amqp_message_t& message) {
    const amqp_table_entry_t* header = header_of(message, "x-delivery-count");
    if (!header) return 0;
    switch (header->value.kind) {
        case AMQP_FIELD_KIND_I64: return static_cast<int>(header->value.value.i64);
        case AMQP_FIELD_KIND_I32: return header->value.value.i32;
        case AMQP_FIELD_KIND_I16: return header->value.value.i16;
        case AMQP_FIELD_KIND_I8: return header->value.value.i8;
        default: return 0;
    }
}

std::string message_of(const QueuedWork& work) {
    return nlohmann::json{{"submission", work.submission}, {"content", work.content}}.dump();
}

std::optional<QueuedWork> work_from(const std::string& message) try {
    const auto read = nlohmann::json::parse(message);
    return QueuedWork{read.at("submission").get<std::int64_t>(),
                      read.at("content").get<std::string>()};
} catch (const nlohmann::json::exception&) {
    return std::nullopt;
}

}  // namespace

struct WorkQueue::Connection {
    std::string name;
    amqp_connection_state_t state = amqp_new_connection();
    std::uint64_t published = 0;
    std::string blocked;  // why the server takes nothing now
    std::string consumer;

    explicit Connection(const QueuePlace& place) : name(place.shown()) {}
    ~Connection() { amqp_destroy_connection(state); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[noreturn]] void fail(const std::string& why) const {
        throw Error(ErrorKind::Io, fmt::format("{}: {}", name, why));
    }
    void check(int status, const char* what) const {
        if (status != AMQP_STATUS_OK) fail(fmt::format("{}: {}", what, amqp_error_string2(status)));
    }
    void check(const amqp_rpc_reply_t& reply, const char* what) const;
    [[noreturn]] void fail_closed(const amqp_method_t& method, const char* what) const;

    void connect(const QueuePlace& place);
    void log_in(const QueuePlace& place);
    void declare();
    void publish(const QueuedWork& work);
    // Reads what the server sends besides deliveries. False: nothing came within `wait`.
    bool read_frame(milliseconds wait, amqp_frame_t& frame);
    void await_confirms(std::uint64_t first, std::vector<bool>& kept, std::chrono::seconds limit);
};

void WorkQueue::Connection::fail_closed(const amqp_method_t& method, const char* what) const {
    int code = 0;
    std::string why;
    if (method.id == AMQP_CHANNEL_CLOSE_METHOD) {
        const auto* close = static_cast<const amqp_channel_close_t*>(method.decoded);
        code = close->reply_code;
        why = text_of(close->reply_text);
    } else if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
        const auto* close = static_cast<const amqp_connection_close_t*>(method.decoded);
        code = close->reply_code;
        why = text_of(close->reply_text);
    }
    if (code == AMQP_PRECONDITION_FAILED && why.find("timeout") == std::string::npos)
        fail(
            fmt::format("a queue is there with other properties ({}); use another vhost, or delete "
                        "the queue when it is empty",
                        why));
    if (code == AMQP_ACCESS_REFUSED)
        fail(
            fmt::format("the queue server refuses ({}); the password comes from "
                        "AVTALSKOLL_QUEUE_PASSWORD_FILE or AVTALSKOLL_QUEUE_PASSWORD",
                        why));
    fail(fmt::format("{}: the queue server closed the connection ({} {})", what, code, why));
}

void WorkQueue::Connection::check(const amqp_rpc_reply_t& reply, const char* what) const {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) fail_closed(reply.reply, what);
    check(reply.library_error, what);
    fail(fmt::format("{}: no answer", what));
}

void WorkQueue::Connection::connect(const QueuePlace& place) {
    amqp_socket_t* socket = nullptr;
    if (place.uses_tls) {
        socket = amqp_ssl_socket_new(state);
        if (!socket) fail("no memory");
        amqp_ssl_socket_set_verify_peer(socket, 1);
        amqp_ssl_socket_set_verify_hostname(socket, 1);
        if (amqp_ssl_socket_set_cacert(socket, place.authorities.c_str()) != AMQP_STATUS_OK)
            fail(fmt::format("{}: no certificates can be read there (AVTALSKOLL_QUEUE_CA)",
                             place.authorities));
    } else {
        socket = amqp_tcp_socket_new(state);
        if (!socket) fail("no memory");
    }
    const timeval limit = timeval_of(kAnswerLimit);
    const int opened = amqp_socket_open_noblock(socket, place.host.c_str(), place.port, &limit);
    if (opened == AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED)
        fail(fmt::format("the queue server's certificate is not for the name {}", place.host));
    if (opened == AMQP_STATUS_SSL_PEER_VERIFY_FAILED)
        fail(
            fmt::format("the queue server's certificate is of no authority in {} "
                        "(AVTALSKOLL_QUEUE_CA)",
                        place.authorities));
    check(opened, "the queue server cannot be reached");
    amqp_set_handshake_timeout(state, &limit);
    amqp_set_rpc_timeout(state, &limit);
}

// Says that it understands "connection.blocked", or the server would not tell.
void WorkQueue::Connection::log_in(const QueuePlace& place) {
    std::array capabilities{entry("connection.blocked", 1), entry("consumer_cancel_notify", 1)};
    for (amqp_table_entry_t& one : capabilities) {
        one.value.kind = AMQP_FIELD_KIND_BOOLEAN;
        one.value.value.boolean = 1;
    }
    std::array properties{entry("product", "avtalskoll"), entry("capabilities", "")};
    properties[1].value.kind = AMQP_FIELD_KIND_TABLE;
    properties[1].value.value.table = table_of(capabilities);
    const amqp_table_t client = table_of(properties);
    const amqp_rpc_reply_t reply = amqp_login_with_properties(
        state, place.vhost.c_str(), 0, kFrameBytes, place.heartbeat_seconds, &client,
        AMQP_SASL_METHOD_PLAIN, place.user.c_str(), place.password.c_str());
    // A server that refuses a password closes the connection; it says so only to newer clients.
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION &&
        (reply.library_error == AMQP_STATUS_CONNECTION_CLOSED ||
         reply.library_error == AMQP_STATUS_SOCKET_ERROR))
        fail(
            "the queue server refuses the login; the password comes from "
            "AVTALSKOLL_QUEUE_PASSWORD_FILE or AVTALSKOLL_QUEUE_PASSWORD");
    check(reply, "login");
    amqp_channel_open(state, kChannel);
    check(amqp_get_rpc_reply(state), "opening a channel");
    amqp_confirm_select(state, kChannel);
    check(amqp_get_rpc_reply(state), "asking for confirms");
}

void WorkQueue::Connection::declare() {
    std::array work{entry("x-queue-type", "quorum"),
                    entry("x-delivery-limit", kMostTries),
                    entry("x-dead-letter-exchange", ""),
                    entry("x-dead-letter-routing-key", kDeadQueue),
                    entry("x-dead-letter-strategy", "at-least-once"),
                    entry("x-max-length", kMostQueued),
                    entry("x-overflow", "reject-publish")};
    std::array dead{entry("x-queue-type", "quorum")};
    constexpr amqp_boolean_t kDurable = 1;
    amqp_queue_declare(state, kChannel, amqp_cstring_bytes(kDeadQueue), 0, kDurable, 0, 0,
                       table_of(dead));
    check(amqp_get_rpc_reply(state), "making the queue of the dead");
    amqp_queue_declare(state, kChannel, amqp_cstring_bytes(kWorkQueue), 0, kDurable, 0, 0,
                       table_of(work));
    check(amqp_get_rpc_reply(state), "making the queue");
}

void WorkQueue::Connection::publish(const QueuedWork& work) {
    const std::string body = message_of(work);
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.content_type = amqp_cstring_bytes("application/json");
    properties.delivery_mode = kPersistent;
    constexpr amqp_boolean_t kMandatory = 1;
    check(amqp_basic_publish(state, kChannel, amqp_empty_bytes, amqp_cstring_bytes(kWorkQueue),
                             kMandatory, 0, &properties,
                             {body.size(), const_cast<char*>(body.data())}),
          "handing in");
    ++published;
}

bool WorkQueue::Connection::read_frame(milliseconds wait, amqp_frame_t& frame) {
    const timeval limit = timeval_of(wait);
    amqp_maybe_release_buffers(state);
    const int status = amqp_simple_wait_frame_noblock(state, &frame, &limit);
    if (status == AMQP_STATUS_TIMEOUT) return false;
    check(status, "the queue server went away");
    if (frame.frame_type != AMQP_FRAME_METHOD) return true;
    const amqp_method_t& method = frame.payload.method;
    switch (method.id) {
        case AMQP_CONNECTION_BLOCKED_METHOD:
            blocked = text_of(static_cast<amqp_connection_blocked_t*>(method.decoded)->reason);
            break;
        case AMQP_CONNECTION_UNBLOCKED_METHOD: blocked.clear(); break;
        case AMQP_CHANNEL_CLOSE_METHOD:
        case AMQP_CONNECTION_CLOSE_METHOD: fail_closed(method, "the queue");
        case AMQP_BASIC_CANCEL_METHOD: fail("the queue was deleted, or has no leader");
        default: break;
    }
    return true;
}

void WorkQueue::Connection::await_confirms(std::uint64_t first, std::vector<bool>& kept,
                                           std::chrono::seconds limit) {
    const auto until = steady_clock::now() + limit;
    std::vector<bool> answered(kept.size());
    std::size_t open = kept.size();
    const auto answer = [&](std::uint64_t tag, bool multiple, bool is_kept) {
        for (std::uint64_t at = multiple ? first : tag; at <= tag; ++at) {
            const std::size_t place = at - first;
            if (at < first || place >= kept.size() || answered[place]) continue;
            answered[place] = true;
            kept[place] = is_kept;
            --open;
        }
    };
    while (open > 0) {
        const auto left =
            std::chrono::duration_cast<milliseconds>(until - steady_clock::now()).count();
        if (left <= 0)
            fail(blocked.empty() ? fmt::format("no confirm within {} s", limit.count())
                                 : fmt::format("takes nothing now ({}); no confirm within {} s",
                                               blocked, limit.count()));
        amqp_frame_t frame{};
        if (!read_frame(milliseconds(left), frame) || frame.frame_type != AMQP_FRAME_METHOD)
            continue;
        const amqp_method_t& method = frame.payload.method;
        if (method.id == AMQP_BASIC_ACK_METHOD) {
            const auto* ack = static_cast<amqp_basic_ack_t*>(method.decoded);
            answer(ack->delivery_tag, ack->multiple != 0, true);
        } else if (method.id == AMQP_BASIC_NACK_METHOD) {
            const auto* nack = static_cast<amqp_basic_nack_t*>(method.decoded);
            answer(nack->delivery_tag, nack->multiple != 0, false);
        } else if (method.id == AMQP_BASIC_RETURN_METHOD) {
            fail("the queue was deleted");
        }
    }
}

WorkQueue::WorkQueue(const QueuePlace& place) : connection_(std::make_unique<Connection>(place)) {
    connection_->connect(place);
    connection_->log_in(place);
    connection_->declare();
}

WorkQueue::~WorkQueue() = default;

std::vector<bool> WorkQueue::publish(const std::vector<QueuedWork>& works,
                                     std::chrono::seconds limit) {
    std::vector<bool> kept(works.size());
    const std::uint64_t first = connection_->published + 1;
    for (const QueuedWork& work : works) connection_->publish(work);
    connection_->await_confirms(first, kept, limit);
    return kept;
}

void WorkQueue::serve() {
    amqp_frame_t frame{};
    while (connection_->read_frame(milliseconds(0), frame)) {
    }
}

void WorkQueue::consume(QueueName queue, int at_once) {
    Connection& connection = *connection_;
    amqp_basic_qos(connection.state, kChannel, 0, static_cast<std::uint16_t>(at_once), 0);
    connection.check(amqp_get_rpc_reply(connection.state), "limiting deliveries");
    const amqp_basic_consume_ok_t* begun =
        amqp_basic_consume(connection.state, kChannel, amqp_cstring_bytes(name_of(queue)),
                           amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    connection.check(amqp_get_rpc_reply(connection.state), "asking for deliveries");
    connection.consumer = text_of(begun->consumer_tag);
}

std::optional<Delivery> WorkQueue::next(milliseconds wait) {
    Connection& connection = *connection_;
    const timeval limit = timeval_of(wait);
    amqp_envelope_t envelope{};
    amqp_maybe_release_buffers(connection.state);
    const amqp_rpc_reply_t reply = amqp_consume_message(connection.state, &envelope, &limit, 0);
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
        if (reply.library_error == AMQP_STATUS_TIMEOUT) return std::nullopt;
        if (reply.library_error == AMQP_STATUS_UNEXPECTED_STATE) {
            amqp_frame_t frame{};
            connection.read_frame(wait, frame);
            return std::nullopt;
        }
    }
    connection.check(reply, "the queue server went away");
    Delivery delivery;
    delivery.tag = envelope.delivery_tag;
    delivery.work = work_from(text_of(envelope.message.body));
    delivery.earlier = delivery_count(envelope.message);
    if (const auto* reason = header_of(envelope.message, "x-first-death-reason"))
        delivery.death = text_of(reason->value.value.bytes);
    amqp_destroy_envelope(&envelope);
    return delivery;
}

void WorkQueue::acknowledge(std::uint64_t tag) {
    connection_->check(amqp_basic_ack(connection_->state, kChannel, tag, 0), "acknowledging");
}

void WorkQueue::give_back(std::uint64_t tag) {
    connection_->check(amqp_basic_nack(connection_->state, kChannel, tag, 0, 1), "giving back");
}

void WorkQueue::reject(std::uint64_t tag) {
    connection_->check(amqp_basic_reject(connection_->state, kChannel, tag, 0), "rejecting");
}

void WorkQueue::stop_consuming() {
    amqp_basic_cancel(connection_->state, kChannel,
                      amqp_cstring_bytes(connection_->consumer.c_str()));
    connection_->check(amqp_get_rpc_reply(connection_->state), "ending deliveries");
}

}  // namespace avtalskoll::app
