#include "ocr/document/rasterizer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "models/error.h"
#include "ocr/document/drawing_server.h"
#include "ocr/document/raster_answer.h"
#include "ocr/document/raster_protocol.h"

namespace avtalskoll::ocr {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

// A file of one picture fails by that picture's fault, which makes it unreadable.
ErrorKind kind_of(RasterFault fault) {
    switch (fault) {
        case RasterFault::Encrypted: return ErrorKind::Encrypted;
        case RasterFault::FileOverLimit:
        case RasterFault::PdfTooManyPages:
        case RasterFault::PictureTooManyPages:
        case RasterFault::DocumentOverMemory: return ErrorKind::OverLimit;
        default: return ErrorKind::Unreadable;
    }
}

// Throws what the child says of a document that it does not draw. Returns when that is nonsense.
void throw_failure(const Answer& answer) {
    if (answer.state != Answer::State::Came) return;
    if (answer.record.kind == RasterKind::Refused)
        throw Error(ErrorKind::NotFound,
                    fmt::format("documents cannot be drawn safely on this machine: {} is missing; "
                                "'avtalskoll doctor' says more",
                                answer.text));
    if (answer.record.kind != RasterKind::DocumentFailed) return;
    if (const auto trouble = trouble_in(answer.text))
        throw Error(kind_of(trouble->fault), message_of(*trouble));
}

constexpr int kMostDeaths = 3;
constexpr int kMostLostServers = 10;
constexpr int kPatience = 10;  // seconds of wall clock for one of CPU

bool ended_by(const Answer& answer, int signal) {
    return answer.ended && WIFSIGNALED(*answer.ended) && WTERMSIG(*answer.ended) == signal;
}

// True when a child took more CPU or waiting time than one step may take.
bool took_too_long(const Answer& answer) {
    return answer.state == Answer::State::TimedOut || ended_by(answer, SIGPROF);
}

// True when the machine, not the file, is the reason that it cannot be opened.
bool is_the_machines(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == EINTR || error == EIO;
}

// A child that ends by itself or is killed comes with a status; when there is none, the server that
// reports it is gone. That is no fault of the document.
bool lost_its_server(const Answer& answer) {
    return answer.state == Answer::State::Gone && !answer.ended && !answer.garbled;
}

// Shared memory for pixels, of a size that nobody can change any more: the drawing process cannot
// take it away from under the reader.
class PixelMemory {
public:
    explicit PixelMemory(std::size_t bytes)
        : bytes_(bytes), memory_(::memfd_create("pixels", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
        if (!memory_ || ::ftruncate(memory_.get(), static_cast<off_t>(bytes)) != 0 ||
            ::fcntl(memory_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
            throw Error(ErrorKind::Io,
                        fmt::format("no shared memory for pages: {}", std::strerror(errno)));
        void* const mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, memory_.get(), 0);
        if (mapped == MAP_FAILED)
            throw Error(ErrorKind::Io,
                        fmt::format("no shared memory for pages: {}", std::strerror(errno)));
        pixels_ = static_cast<const std::uint8_t*>(mapped);
    }
    ~PixelMemory() { ::munmap(const_cast<std::uint8_t*>(pixels_), bytes_); }
    PixelMemory(const PixelMemory&) = delete;
    PixelMemory& operator=(const PixelMemory&) = delete;
    int fd() const { return memory_.get(); }
    const std::uint8_t* at(std::size_t offset) const { return pixels_ + offset; }

private:
    std::size_t bytes_;
    Descriptor memory_;
    const std::uint8_t* pixels_ = nullptr;
};

std::uint64_t next_ticket() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

bool write_fully(int channel, const std::uint8_t* at, std::size_t bytes) {
    while (bytes > 0) {
        const ssize_t put = ::send(channel, at, bytes, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        at += put;
        bytes -= static_cast<std::size_t>(put);
    }
    return true;
}

// The bit set of raster_protocol.h.
std::vector<std::uint8_t> bits_of(const std::vector<int>& pages) {
    std::vector<std::uint8_t> bits;
    for (const int page : pages) {
        const auto byte = static_cast<std::size_t>(page - 1) / 8;
        if (bits.size() <= byte) bits.resize(byte + 1);
        bits[byte] = static_cast<std::uint8_t>(bits[byte] | 1U << ((page - 1) % 8));
    }
    return bits;
}

}  // namespace

// A child of the drawing server at work on the document; killed when it goes.
struct Rasterizer::Child {
    std::shared_ptr<DrawingServer> server;
    std::uint64_t ticket = next_ticket();
    Descriptor channel;
    PixelMemory pixels;
    std::uint64_t slot_bytes;
    std::uint64_t received = 0;

    Child(const fs::path& file, const RasterLimits& limits, const std::vector<int>& only)
        : pixels(kPixelSlots * limits.max_page_pixels), slot_bytes(limits.max_page_pixels) {
        const Descriptor document(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        if (!document)
            throw Error(is_the_machines(errno) ? ErrorKind::Io : ErrorKind::Unreadable,
                        Message("drawing.file_not_opened", {{"why", std::strerror(errno)}}));
        auto [ours, theirs] = make_channel();
        const std::vector<std::uint8_t> selection = bits_of(only);
        const ServerRequest request{
            .task = ServerTask::Draw,
            .max_pages = static_cast<std::uint32_t>(limits.max_pages),
            .ticket = ticket,
            .dpi = limits.dpi,
            .max_file_bytes = limits.max_file_bytes,
            .max_page_pixels = limits.max_page_pixels,
            .max_memory_bytes = limits.max_memory_bytes,
            .max_cpu_seconds = static_cast<std::uint32_t>(limits.max_document_seconds),
            .selection_bytes = static_cast<std::uint32_t>(selection.size()),
            .require_landlock = limits.require_landlock ? 1U : 0U,
            .max_page_cpu_seconds = static_cast<std::uint32_t>(limits.max_page_seconds)};
        channel = std::move(ours);
        server = order_drawing(request, {theirs.get(), document.get(), pixels.fd()});
        // A failure shows when the answer is read.
        write_fully(channel.get(), selection.data(), selection.size());
    }
    ~Child() { server->send({.task = ServerTask::Kill, .ticket = ticket}, {}); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Waits within what the page and the document have left, and counts the time.
    Answer wait_for_answer(const RasterLimits& limits, std::chrono::nanoseconds& waited) {
        const auto start = std::chrono::steady_clock::now();
        const std::chrono::nanoseconds page = kPatience * seconds(limits.max_page_seconds),
                                       document = kPatience * seconds(limits.max_document_seconds);
        Answer answer = read_answer(channel.get(), std::min(page, document - waited));
        waited += std::chrono::steady_clock::now() - start;
        return answer;
    }

    // The pixels of the Page that came last.
    std::vector<std::uint8_t> take_pixels(std::size_t count) {
        const std::uint8_t* from = pixels.at(received % kPixelSlots * slot_bytes);
        std::vector<std::uint8_t> taken(from, from + count);
        ++received;
        const std::uint8_t sign = 1;
        write_fully(channel.get(), &sign, 1);
        return taken;
    }
};

Rasterizer::Rasterizer(const fs::path& file, const RasterLimits& limits, std::vector<int> only)
    : file_(file), limits_(limits), only_(std::move(only)) {
    start();
}

Rasterizer::~Rasterizer() = default;

std::size_t Rasterizer::wanted_count() const {
    return only_.empty() ? static_cast<std::size_t>(pages_) : only_.size();
}

// Opens the document in a new process, for the pages that were not given yet.
void Rasterizer::start() {
    if (given_ > 0 && only_.empty()) {
        only_.resize(static_cast<std::size_t>(pages_));
        std::iota(only_.begin(), only_.end(), 1);
    }
    const std::vector<int> left(
        only_.begin() + static_cast<std::ptrdiff_t>(std::min(given_, only_.size())), only_.end());
    for (;;) {
        child_ = std::make_unique<Child>(file_, limits_, left);
        const Answer answer = child_->wait_for_answer(limits_, waited_);
        const RasterRecord& record = answer.record;
        if (answer.state == Answer::State::Came && record.kind == RasterKind::Document &&
            record.pages > 0 && record.pages <= static_cast<std::uint32_t>(limits_.max_pages) &&
            (pages_ == 0 || record.pages == static_cast<std::uint32_t>(pages_))) {
            pages_ = static_cast<int>(record.pages);
            signatures_ = signatures_in(answer.text);
            attachments_ = attachments_in(answer.text);
            return;
        }
        child_.reset();
        throw_failure(answer);
        if (lost_its_server(answer)) {
            count_lost_server();
            continue;
        }
        check_document_time(answer);
        if (took_too_long(answer))
            throw Error(
                ErrorKind::OverLimit,
                Message("drawing.slow_to_open", {{"limit_seconds", limits_.max_page_seconds}}));
        count_death();
    }
}

// Throws when the document has used up its time; `answer` comes from a child that ended, or was too
// slow.
void Rasterizer::check_document_time(const Answer& answer) const {
    if (waited_ >= kPatience * seconds(limits_.max_document_seconds) || ended_by(answer, SIGXCPU))
        throw Error(
            ErrorKind::OverLimit,
            Message("drawing.slow_document", {{"limit_seconds", limits_.max_document_seconds}}));
}

// Counts a process that died or broke the protocol. Throws when the document has used up its number
// of them.
void Rasterizer::count_death() {
    if (++deaths_ == kMostDeaths)
        throw Error(ErrorKind::Unreadable,
                    Message("drawing.many_deaths", {{"limit_mb", limits_.max_memory_bytes >> 20},
                                                    {"times", kMostDeaths}}));
}

// Somebody else ended the drawing server: the work begins again with another one.
void Rasterizer::count_lost_server() {
    if (++lost_servers_ == kMostLostServers)
        throw Error(ErrorKind::Io, fmt::format("the drawing program was ended {} times from "
                                               "outside; is the machine out of memory?",
                                               kMostLostServers));
}

std::optional<RasterPage> Rasterizer::next() {
    if (given_ == wanted_count()) return std::nullopt;
    if (!child_) start();
    std::optional<RasterPage> page = take_page();
    while (!page) {
        child_.reset();
        count_lost_server();
        start();
        page = take_page();
    }
    ++given_;
    return page;
}

// The page that the child draws now; nullopt when its server was lost.
std::optional<RasterPage> Rasterizer::take_page() {
    const Answer answer = child_->wait_for_answer(limits_, waited_);
    if (lost_its_server(answer)) return std::nullopt;
    const RasterRecord& record = answer.record;
    RasterPage page;
    if (answer.state == Answer::State::Came && record.kind == RasterKind::PageFailed)
        if (const auto trouble = trouble_in(answer.text)) {
            page.trouble = message_of(*trouble);
            return page;
        }
    const std::uint64_t pixels = std::uint64_t{record.width} * record.height;
    if (answer.state == Answer::State::Came && record.kind == RasterKind::Page && pixels > 0 &&
        pixels <= limits_.max_page_pixels) {
        page.image.width = static_cast<int>(record.width);
        page.image.height = static_cast<int>(record.height);
        page.image.dpi = record.dpi > 0 && record.dpi < 10'000 ? record.dpi : limits_.dpi;
        page.image.scale = record.scale > 0 && record.scale <= 1 ? record.scale : 1;
        page.image.grey = child_->take_pixels(pixels);
        return take_facts(page.image) ? std::optional(std::move(page)) : std::nullopt;
    }
    page.trouble = took_too_long(answer)
                       ? Message("drawing.slow_page", {{"limit_seconds", limits_.max_page_seconds}})
                       : message_of({RasterFault::PageOfDamagedFile});
    child_.reset();
    check_document_time(answer);
    count_death();
    return page;
}

// Gets the facts of the page that was drawn last. When they do not come in time, nothing that its
// file says is believed. False when the server was lost.
bool Rasterizer::take_facts(PageImage& image) {
    const Answer answer = child_->wait_for_answer(limits_, waited_);
    if (lost_its_server(answer)) return false;
    const bool came =
        answer.state == Answer::State::Came && answer.record.kind == RasterKind::Facts;
    const auto damage = came ? damage_in(answer.text) : std::nullopt;
    image.text = page_text_in(damage ? answer.text : "");
    image.damage = damage.value_or(Message());
    if (!came) child_.reset();
    return true;
}

nlohmann::json read_layout_facts(const fs::path& file) {
    const Descriptor document(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!document)
        throw Error(ErrorKind::BadInput, fmt::format("cannot be read: {}", std::strerror(errno)));
    auto [ours, theirs] = make_channel();
    const RasterLimits limits;
    const auto server =
        order_drawing({.task = ServerTask::Layout,
                       .ticket = next_ticket(),
                       .max_file_bytes = limits.max_file_bytes,
                       .max_memory_bytes = limits.max_memory_bytes,
                       .max_cpu_seconds = static_cast<std::uint32_t>(limits.max_page_seconds)},
                      {theirs.get(), document.get()});
    theirs = Descriptor();
    const Answer answer = read_answer(ours.get(), seconds(limits.max_page_seconds));
    if (answer.state == Answer::State::Came && answer.record.kind == RasterKind::Refused)
        throw Error(ErrorKind::BadInput, answer.text);
    throw_failure(answer);
    auto facts = nlohmann::json::parse(answer.text, nullptr, false);
    if (answer.state != Answer::State::Came || answer.record.kind != RasterKind::Layout ||
        !facts.is_object())
        throw Error(ErrorKind::BadInput, "the blank cannot be read: it ends the reading process");
    return facts;
}

SandboxReport test_sandbox() {
    auto [ours, theirs] = make_channel();
    const auto server = order_drawing({.task = ServerTask::SelfTest,
                                       .ticket = next_ticket(),
                                       .max_memory_bytes = RasterLimits{}.max_memory_bytes,
                                       .max_cpu_seconds = 10},
                                      {theirs.get()});
    theirs = Descriptor();
    const Answer answer = read_answer(ours.get(), seconds(10));
    SandboxReport report;
    const auto facts = nlohmann::json::parse(answer.text, nullptr, false);
    if (answer.state != Answer::State::Came || answer.record.kind != RasterKind::Trials ||
        !facts.is_object())
        throw Error(ErrorKind::NotFound,
                    "the sandbox cannot be entered on this machine: seccomp filters are refused");
    report.landlock = facts.at("landlock");
    for (const auto& trial : facts.at("trials"))
        (trial.at("denied").get<bool>() ? report.denied : report.allowed)
            .push_back(trial.at("what"));
    return report;
}

void end_drawing() { DrawingServer::end_running(); }

}  // namespace avtalskoll::ocr
