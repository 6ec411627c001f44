// A text for people as the program carries it: which text, and the values in it. The words
// themselves are data (data/texts); pipeline/texts says them.
//
// Plain values; safe from many threads.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace avtalskoll {

struct MessageValue;

class Message {
public:
    // Nothing to say. These are defined where MessageValue is known.
    Message();
    Message(const Message&);
    Message(Message&&) noexcept;
    Message& operator=(const Message&);
    Message& operator=(Message&&) noexcept;
    ~Message();
    // `key`: of the text in data/texts, such as "finding.blank_page". `values`: one for each of its
    // placeholders.
    explicit Message(std::string key);
    Message(std::string key, std::vector<MessageValue> values);
    // Words that are said as they are: those of a report or a store made before. No text: nothing
    // to say.
    static Message as_written(std::string text);

    bool empty() const { return key_.empty() && written_.empty(); }
    const std::string& key() const { return key_; }          // empty: none, or as_written
    const std::string& written() const { return written_; }  // of as_written; else empty
    const std::vector<MessageValue>& values() const { return values_; }

    friend bool operator==(const Message& a, const Message& b);

private:
    std::string key_, written_;
    std::vector<MessageValue> values_;
};

struct MessageValue {
    MessageValue(std::string of, std::string text) : name(std::move(of)), value(std::move(text)) {}
    MessageValue(std::string of, const char* text) : name(std::move(of)), value(text) {}
    MessageValue(std::string of, Message inner) : name(std::move(of)), value(std::move(inner)) {}
    MessageValue(std::string of, double number) : name(std::move(of)), value(number) {}
    template <std::integral Number>
    MessageValue(std::string of, Number number)
        : name(std::move(of)), value(static_cast<std::int64_t>(number)) {}

    std::string name;
    std::variant<std::string, std::int64_t, double, Message> value;
    friend bool operator==(const MessageValue&, const MessageValue&) = default;
};

// Key and values in one line, for logs and errors that are no texts for people:
// "drawing.file_over_limit (limit_mb 200)".
std::string to_string(const Message& message);

}  // namespace avtalskoll
