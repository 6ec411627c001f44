#include "ocr/sandboxed/sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace avtalskoll::ocr {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

// The files that Poppler opens when a PDF names a typeface or a character collection without
// bringing it.
constexpr std::array kReadable{
    "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/usr/share/poppler",
    "/etc/fonts",       "/var/cache/fontconfig"};

// All rights on files that the first version of Landlock knows, and the later ones that this kernel
// adds.
std::uint64_t handled_rights(long version) {
    std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
#ifdef LANDLOCK_ACCESS_FS_REFER
    if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
#endif
#ifdef LANDLOCK_ACCESS_FS_TRUNCATE
    if (version >= 3) rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
#endif
    return rights;
}

// -1 where the kernel has no Landlock.
int make_ruleset() {
    const long version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return -1;
    landlock_ruleset_attr rules{};
    rules.handled_access_fs = handled_rights(version);
    const int made =
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0));
    if (made < 0) return -1;
    const int ruleset = ::fcntl(made, F_DUPFD_CLOEXEC, 16);  // callers rearrange the low ones
    ::close(made);
    for (const char* folder : kReadable) {
        landlock_path_beneath_attr beneath{};
        beneath.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
        beneath.parent_fd = ::open(folder, O_PATH | O_CLOEXEC);
        if (beneath.parent_fd < 0) continue;  // not installed
        ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
        ::close(beneath.parent_fd);
    }
    return ruleset;
}

// Allows system calls whatever their arguments.
template <class... Calls>
void allow(scmp_filter_ctx filter, Calls... calls) {
    (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls, 0), ...);
}

void allow_own_affairs(scmp_filter_ctx filter) {
    // Its descriptors, its memory, its end.
    allow(filter, SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write),
          SCMP_SYS(writev), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fcntl),
          SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
          SCMP_SYS(madvise), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex),
          SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
          SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall));
    // Facts about itself and the time.
    allow(filter, SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
          SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
          SCMP_SYS(time), SCMP_SYS(setitimer), SCMP_SYS(getrusage), SCMP_SYS(getrandom),
          SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(clock_nanosleep),
          SCMP_SYS(nanosleep));
}

void allow_files(scmp_filter_ctx filter, bool may_open) {
    // Fontconfig asks for a file before it opens it.
    if (may_open)
        allow(filter, SCMP_SYS(newfstatat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx),
              SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
              SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(fstatfs), SCMP_SYS(statfs));
    else  // glibc's fstat
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                         SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
    // Opening for reading, which Landlock narrows to the typefaces.
    constexpr unsigned kChanging =
        O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    if (may_open) {
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                         SCMP_A2(SCMP_CMP_MASKED_EQ, kChanging, 0));
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                         SCMP_A1(SCMP_CMP_MASKED_EQ, kChanging, 0));
    }
}

void allow_memory_and_threads(scmp_filter_ctx filter) {
    // Memory, but never executable.
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // Threads, which are confined like their process: Poppler checks signatures in one. Of clone3
    // the filter cannot see the flags; glibc then falls back to clone.
    constexpr unsigned kElsewhere = CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |
                                    CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
    seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM | kElsewhere, CLONE_THREAD | CLONE_VM));
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    // GLib wakes a thread by the last two.
    allow(filter, SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_getattr),
          SCMP_SYS(eventfd2), SCMP_SYS(pipe2));
}

// A call that is not allowed fails with EPERM, so that a library that tries gets an error that it
// can handle.
scmp_filter_ctx make_filter(bool may_open) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) throw std::runtime_error("no memory for the system call filter");
    allow_own_affairs(filter);
    allow_files(filter, may_open);
    allow_memory_and_threads(filter);
    // Limits may be read, not set.
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
    return filter;
}

void set_limit(int resource, rlim_t value, rlim_t most) {
    const rlimit both{value, most};
    if (::setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0)
        fail("a resource limit was refused");
}

}  // namespace

Sandbox::Sandbox() : ruleset_(make_ruleset()), filter_(make_filter(ruleset_ >= 0)) {}

Sandbox::~Sandbox() {
    if (ruleset_ >= 0) ::close(ruleset_);
    seccomp_release(filter_);
}

void Sandbox::enter(const SandboxLimits& limits) const {
// The sanitizers' shadow memory is terabytes of addresses.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    set_limit(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes);
#endif
    // First SIGXCPU, which tells why; then SIGKILL.
    set_limit(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 2);
    set_limit(RLIMIT_FSIZE, 0, 0);
    set_limit(RLIMIT_CORE, 0, 0);
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs was refused");
    if (ruleset_ >= 0 && ::syscall(SYS_landlock_restrict_self, ruleset_, 0) != 0)
        fail("Landlock was refused");
    if (ruleset_ >= 0) ::close(ruleset_);
    if (const int refused = seccomp_load(filter_); refused != 0) {
        errno = -refused;
        fail("the system call filter was refused");
    }
}

std::vector<SandboxTrial> try_to_break_out() {
    std::vector<SandboxTrial> trials;
    const auto must_fail = [&](const char* what, long result) {
        trials.push_back({what, result < 0});
    };
    must_fail("read /etc/passwd", ::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    must_fail("read its own memory file", ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
    must_fail("list /home", ::open("/home", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    must_fail("create a file",
              ::open("/tmp/avtalskoll-doctor", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    must_fail("write to a typeface's folder",
              ::open("/usr/share/fonts/avtalskoll-doctor", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    must_fail("remove a file", ::unlink("/tmp/avtalskoll-doctor"));
    must_fail("make a network socket", ::socket(AF_INET, SOCK_STREAM, 0));
    must_fail("make a local socket", ::socket(AF_UNIX, SOCK_STREAM, 0));
    must_fail("make a process", ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
    std::string program = "/bin/true";
    std::array<char*, 2> argv{program.data(), nullptr};
    must_fail("start a program", ::execv(program.c_str(), argv.data()));
    must_fail("trace a process", ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
    must_fail("signal a process", ::kill(::getppid(), 0));
    void* const memory = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must_fail("make memory executable", memory == MAP_FAILED ? -1 : 0);
    const rlimit more{RLIM_INFINITY, RLIM_INFINITY};
    must_fail("raise a limit", ::setrlimit(RLIMIT_CPU, &more));
    return trials;
}

}  // namespace avtalskoll::ocr
