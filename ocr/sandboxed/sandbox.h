// Shuts a process off from everything but the descriptors that it has: for the drawing process
// only.
//
// Three layers, each with its own reason: resource limits (bombs), Landlock (the kernel's path
// rules: only typefaces may be opened, for reading), seccomp (an allow-list of system calls: no
// network, no new program, no new process, no writing, no memory made executable). Needs no
// privileges; works the same for root. Single-threaded callers only. Sources: kernel documentation
// userspace-api/landlock and userspace-api/seccomp_filter; setrlimit(2).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace avtalskoll::ocr {

struct SandboxLimits {
    std::uint64_t memory_bytes = 0;
    std::uint32_t cpu_seconds = 0;
};

// Prepares once what is the same for every child; the children of the preparing process take it
// over with fork().
class Sandbox {
public:
    // Throws std::runtime_error when the kernel has no seccomp filters.
    Sandbox();
    ~Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;

    // True when this kernel restricts paths (Linux 5.13, and not switched off). Without it no file
    // at all may be opened inside.
    bool has_landlock() const { return ruleset_ >= 0; }

    // The descriptor that must stay open until enter(), at 16 or above; -1: none.
    int descriptor() const { return ruleset_; }

    // There is no way back. Other descriptors that are open stay so. Throws std::runtime_error when
    // a layer is refused.
    void enter(const SandboxLimits& limits) const;

private:
    int ruleset_ = -1;
    void* filter_ = nullptr;  // scmp_filter_ctx
};

// One thing that must be impossible inside.
struct SandboxTrial {
    std::string what;
    bool denied = false;
};

// Tries them from inside. Harmless when one succeeds, but meant for a process that ends afterwards.
std::vector<SandboxTrial> try_to_break_out();

}  // namespace avtalskoll::ocr
