#include "ocr/document/raster_answer.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "models/report.h"

namespace avtalskoll::ocr {
namespace {

using Clock = std::chrono::steady_clock;

Answer::State read_fully(int channel, Clock::time_point deadline, void* into, std::size_t bytes) {
    auto* at = static_cast<char*>(into);
    while (bytes > 0) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd wait{channel, POLLIN, 0};
        const int ready = left > 0 ? ::poll(&wait, 1, static_cast<int>(left)) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return Answer::State::TimedOut;
        const ssize_t got = ::read(channel, at, bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return Answer::State::Gone;
        at += got;
        bytes -= static_cast<std::size_t>(got);
    }
    return Answer::State::Came;
}

nlohmann::json parsed(const std::string& facts) {
    return nlohmann::json::parse(facts, nullptr, false);
}

// When nothing is known of a page, nothing is believed: it has no words, and none of its ink is a
// hand's.
PageText unknown_page_text() {
    constexpr double kMuchInk_mm2 = 1e9;
    PageText text;
    text.size = {1, 1};
    text.screen_ink.push_back({{0, 0, 1, 1}, kMuchInk_mm2, false});
    return text;
}

template <class Matches>
const RasterFaultFacts* find_fault(Matches matches) {
    const auto* const at = std::find_if(kRasterFaults.begin(), kRasterFaults.end(), matches);
    return at == kRasterFaults.end() ? nullptr : at;
}

std::size_t count_of(const RasterFaultFacts& facts) {
    return static_cast<std::size_t>(std::find(facts.numbers.begin(), facts.numbers.end(), nullptr) -
                                    facts.numbers.begin());
}

// The numbers of a text, each after one space; nullopt when something else stands there.
std::optional<std::vector<double>> numbers_in(std::string_view text) {
    std::vector<double> numbers;
    while (!text.empty()) {
        double number = 0;
        const char* const end = text.data() + text.size();
        if (text.front() != ' ') return std::nullopt;
        const auto [after, fault] = std::from_chars(text.data() + 1, end, number);
        if (fault != std::errc{} || !std::isfinite(number)) return std::nullopt;
        numbers.push_back(number);
        text = {after, end};
    }
    return numbers;
}

BoxPt box_in(const nlohmann::json& entry) {
    const auto numbers = entry.at("box").get<std::array<double, 4>>();
    return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

}  // namespace

Answer read_answer(int channel, std::chrono::nanoseconds longest) {
    const auto deadline = Clock::now() + longest;
    Answer answer;
    answer.state = read_fully(channel, deadline, &answer.record, sizeof answer.record);
    if (answer.state != Answer::State::Came) return answer;
    const auto kind = answer.record.kind;
    const bool facts = kind != RasterKind::DocumentFailed && kind != RasterKind::PageFailed &&
                       kind != RasterKind::Refused;
    answer.garbled = answer.record.magic != kRasterMagic ||
                     answer.record.text_bytes > (facts ? kMaxFactsBytes : kMaxReasonBytes);
    if (answer.garbled) answer.state = Answer::State::Gone;
    if (kind == RasterKind::Ended && !answer.garbled) {
        answer.state = Answer::State::Gone;
        answer.ended = answer.record.status;
    }
    if (answer.state != Answer::State::Came) return answer;
    answer.text.resize(answer.record.text_bytes);
    answer.state = read_fully(channel, deadline, answer.text.data(), answer.text.size());
    return answer;
}

SignatureValidity validity_in(const std::string& told) {
    return parse_signature_validity(told).value_or(SignatureValidity::Unchecked);
}

std::vector<DigitalSignature> signatures_in(const std::string& facts) try {
    const nlohmann::json document = parsed(facts);
    std::vector<DigitalSignature> signatures;
    for (const auto& entry : document.at("signatures")) {
        const bool time_stamp = entry.at("kind") == "time_stamp";
        signatures.push_back(
            {entry.at("signer"), entry.at("time"), validity_in(entry.at("validity")), time_stamp});
    }
    return signatures;
} catch (const nlohmann::json::exception&) {
    return {};
}

int attachments_in(const std::string& facts) try {
    return std::clamp(parsed(facts).value("attachments", 0), 0, 10'000);
} catch (const nlohmann::json::exception&) {
    return 0;
}

PageText page_text_in(const std::string& facts) try {
    const nlohmann::json page = parsed(facts);
    PageText text;
    for (const auto& word : page.at("words"))
        text.words.push_back({box_in(word), word.at("text"), word.at("size"), word.at("bold")});
    for (const auto& field : page.at("fields"))
        text.fields.push_back({box_in(field), field.at("value")});
    text.scan_share = page.at("scan_share");
    for (const auto& ink : page.at("screen_ink"))
        text.screen_ink.push_back({box_in(ink), ink.at("mm2"), ink.at("annotation")});
    const auto size = page.at("size").get<std::array<double, 2>>();
    text.size = {size[0], size[1]};
    return text;
} catch (const nlohmann::json::exception&) {
    return unknown_page_text();
}

std::optional<Message> damage_in(const std::string& facts) try {
    const nlohmann::json page = parsed(facts);
    const auto damage = page.find("damage");
    if (damage == page.end()) return page.is_object() ? std::optional(Message()) : std::nullopt;
    const auto trouble = trouble_in(damage->get<std::string>());
    return trouble ? std::optional(message_of(*trouble)) : std::nullopt;
} catch (const nlohmann::json::exception&) {
    return std::nullopt;
}

std::optional<RasterTrouble> trouble_in(const std::string& text) {
    const std::string_view name = std::string_view(text).substr(0, text.find(' '));
    const RasterFaultFacts* const facts =
        find_fault([&](const RasterFaultFacts& known) { return name == known.name; });
    const auto numbers = numbers_in(std::string_view(text).substr(name.size()));
    if (!facts || !numbers || numbers->size() != count_of(*facts)) return std::nullopt;
    return RasterTrouble{facts->fault, *numbers};
}

Message message_of(const RasterTrouble& trouble) {
    const RasterFaultFacts& facts =
        *find_fault([&](const RasterFaultFacts& known) { return known.fault == trouble.fault; });
    std::vector<MessageValue> values;
    for (std::size_t i = 0; i < trouble.numbers.size(); ++i) {
        constexpr double kMostErrno = 1e6;
        const double number = trouble.numbers[i];
        if (trouble.fault == RasterFault::FileNotRead)
            values.emplace_back(
                facts.numbers.at(i),
                std::strerror(static_cast<int>(std::clamp(number, 0.0, kMostErrno))));
        else values.emplace_back(facts.numbers.at(i), number);
    }
    return Message(std::string("drawing.") + facts.name, std::move(values));
}

}  // namespace avtalskoll::ocr
