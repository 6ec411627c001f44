#include "ocr/rasterizer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "models/error.h"
#include "ocr/raster_protocol.h"

namespace avtalskoll::ocr {
namespace {

namespace fs = std::filesystem;

fs::path drawing_program() {
    const fs::path self = fs::read_symlink("/proc/self/exe");
    fs::path program = self.parent_path() / "avtalskoll-rasterizer";
    if (!fs::exists(program))
        throw Error(ErrorKind::NotFound, fmt::format("{}: the drawing program is missing; build or install it beside {}", program.string(), self.filename().string()));
    return program;
}

ErrorKind kind_of(RasterFailure failure) {
    switch (failure) {
        case RasterFailure::Encrypted: return ErrorKind::Encrypted;
        case RasterFailure::OverLimit: return ErrorKind::OverLimit;
        default: return ErrorKind::Unreadable;
    }
}

// The facts of raster_protocol.h; facts that are not as they should be are none.
nlohmann::json parsed(const std::string& facts) { return nlohmann::json::parse(facts, nullptr, false); }

BoxPt box_in(const nlohmann::json& entry) {
    const auto numbers = entry.at("box").get<std::array<double, 4>>();
    return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

std::vector<DigitalSignature> signatures_in(const std::string& facts) try {
    const nlohmann::json document = parsed(facts);
    std::vector<DigitalSignature> signatures;
    for (const auto& entry : document.at("signatures")) {
        const auto validity = entry.at("validity").get<std::string>();
        signatures.push_back({entry.at("signer"), entry.at("time"),
                              validity == "unchanged" ? SignatureValidity::Unchanged
                              : validity == "changed" ? SignatureValidity::Changed
                                                      : SignatureValidity::Unchecked});
    }
    return signatures;
} catch (const nlohmann::json::exception&) {
    return {};
}

PageText page_text_in(const std::string& facts) try {
    const nlohmann::json page = parsed(facts);
    PageText text;
    for (const auto& word : page.at("words")) text.words.push_back({box_in(word), word.at("text"), word.at("size"), word.at("bold")});
    for (const auto& field : page.at("fields")) text.fields.push_back({box_in(field), field.at("value")});
    text.picture_share = page.at("picture_share");
    const auto size = page.at("size").get<std::array<double, 2>>();
    text.size = {size[0], size[1]};
    return text;
} catch (const nlohmann::json::exception&) {
    return {};
}

// Closes its descriptor on leaving the scope.
struct Descriptor {
    int fd = -1;
    explicit Descriptor(int value) : fd(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
    int release() { return std::exchange(fd, -1); }
};

}  // namespace

Rasterizer::Rasterizer(const fs::path& file, const RasterLimits& limits, std::vector<int> only) : limits_(limits), only_(std::move(only)) {
    start(file);
    RasterRecord record;
    std::string text;
    const bool answered = read_record(record, text);
    if (answered && record.kind == RasterKind::Document && record.pages > 0 && record.pages <= static_cast<std::uint32_t>(limits_.max_pages)) {
        pages_ = static_cast<int>(record.pages);
        signatures_ = signatures_in(text);
        return;
    }
    const bool late = timed_out_;
    stop();
    if (answered && record.kind == RasterKind::DocumentFailed) throw Error(kind_of(record.failure), text);
    if (late) throw Error(ErrorKind::OverLimit, fmt::format("dokumentet tog mer än {} sekunder att öppna", limits_.page_timeout_s));
    throw Error(ErrorKind::Unreadable, "dokumentet kunde inte öppnas: det är skadat");
}

Rasterizer::~Rasterizer() { stop(); }

void Rasterizer::start(const fs::path& file) {
    const std::string program = drawing_program().string();
    Descriptor input(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (input.fd < 0) throw Error(ErrorKind::Io, fmt::format("filen kan inte öppnas: {}", std::strerror(errno)));
    std::array<int, 2> pipe_ends{-1, -1};
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) throw Error(ErrorKind::Io, fmt::format("no pipe to the drawing program: {}", std::strerror(errno)));
    Descriptor reading(pipe_ends[0]);
    Descriptor writing(pipe_ends[1]);
    ::fcntl(writing.fd, F_SETPIPE_SZ, 1 << 20);  // fewer switches between the two; the default of 64 KiB is kept if refused

    std::array<std::string, 6> words{program,
                                     std::to_string(limits_.dpi),
                                     std::to_string(limits_.max_file_bytes),
                                     std::to_string(limits_.max_pages),
                                     std::to_string(limits_.max_page_pixels),
                                     fmt::format("{}", fmt::join(only_, ","))};
    std::array<char*, 7> argv{};
    for (std::size_t i = 0; i < words.size(); ++i) argv[i] = words[i].data();

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, writing.fd, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int failed = ::posix_spawn(&child_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        child_ = -1;
        throw Error(ErrorKind::Io, fmt::format("{}: cannot be started: {}", program, std::strerror(failed)));
    }
    from_child_ = reading.release();
}

bool Rasterizer::read_fully(void* into, std::size_t bytes) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::seconds(limits_.page_timeout_s);
    auto* at = static_cast<char*>(into);
    while (bytes > 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd wait{from_child_, POLLIN, 0};
        const int ready = left > 0 ? ::poll(&wait, 1, static_cast<int>(left)) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) {
            timed_out_ = true;
            return false;
        }
        const ssize_t got = ::read(from_child_, at, bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

bool Rasterizer::read_record(RasterRecord& record, std::string& text) {
    if (!read_fully(&record, sizeof record) || record.magic != kRasterMagic) return false;
    const bool facts = record.kind == RasterKind::Document || record.kind == RasterKind::Page;
    if (record.text_bytes > (facts ? kMaxFactsBytes : kMaxReasonBytes)) return false;
    text.resize(record.text_bytes);
    return read_fully(text.data(), text.size());
}

std::optional<RasterPage> Rasterizer::next() {
    if (given_ == (only_.empty() ? pages_ : static_cast<int>(only_.size()))) return std::nullopt;
    ++given_;
    RasterPage page;
    RasterRecord record;
    const auto lost = [&] {
        page.trouble = timed_out_ ? fmt::format("sidan tog mer än {} sekunder att rita", limits_.page_timeout_s) : "sidan kunde inte ritas: filen är skadad";
        page.image = {};
        stop();
        return page;
    };
    std::string text;
    if (child_ < 0 || !read_record(record, text)) return lost();
    if (record.kind == RasterKind::PageFailed) {
        page.trouble = text.empty() ? "sidan kunde inte ritas" : text;
        return page;
    }
    const std::uint64_t pixels = std::uint64_t{record.width} * record.height;
    if (record.kind != RasterKind::Page || pixels == 0 || pixels > limits_.max_page_pixels) return lost();
    page.image.width = static_cast<int>(record.width);
    page.image.height = static_cast<int>(record.height);
    page.image.dpi = record.dpi > 0 && record.dpi < 10'000 ? record.dpi : limits_.dpi;
    page.image.scale = record.scale > 0 && record.scale <= 1 ? record.scale : 1;
    page.image.text = page_text_in(text);
    page.image.grey.resize(pixels);
    if (!read_fully(page.image.grey.data(), pixels)) return lost();
    return page;
}

void Rasterizer::stop() {
    if (from_child_ >= 0) ::close(std::exchange(from_child_, -1));
    if (child_ < 0) return;
    ::kill(child_, SIGKILL);
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
}

}  // namespace avtalskoll::ocr
