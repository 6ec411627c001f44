#include "models/message.h"

#include <fmt/format.h>

#include <type_traits>

namespace avtalskoll {

Message::Message() = default;
Message::Message(const Message&) = default;
Message::Message(Message&&) noexcept = default;
Message& Message::operator=(const Message&) = default;
Message& Message::operator=(Message&&) noexcept = default;
Message::~Message() = default;

Message::Message(std::string key) : key_(std::move(key)) {}
Message::Message(std::string key, std::vector<MessageValue> values)
    : key_(std::move(key)), values_(std::move(values)) {}

Message Message::as_written(std::string text) {
    Message message;
    message.written_ = std::move(text);
    return message;
}

bool operator==(const Message& a, const Message& b) {
    return a.key_ == b.key_ && a.written_ == b.written_ && a.values_ == b.values_;
}

std::string to_string(const Message& message) {
    if (!message.written().empty()) return message.written();
    std::string values;
    for (const MessageValue& one : message.values())
        std::visit(
            [&](const auto& value) {
                values += fmt::format("{}{} ", values.empty() ? " (" : ", ", one.name);
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Message>)
                    values += to_string(value);
                else values += fmt::format("{}", value);
            },
            one.value);
    return message.key() + values + (values.empty() ? "" : ")");
}

}  // namespace avtalskoll
