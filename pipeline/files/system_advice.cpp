#include "pipeline/files/system_advice.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace avtalskoll::pipeline {
namespace {

const char* advice_for(int error) {
    switch (error) {
        case EACCES:
        case EPERM: return "; give the user who runs this the right to it, or name another place";
        case EROFS: return "; name a place that can be written to";
        case ENOSPC:
        case EDQUOT: return "; make room there and run it again";
        case ENOTDIR:
        case EEXIST: return "; a file is where a folder is needed: name another place, or move it";
        case EISDIR: return "; a folder is where a file is needed: name another place, or move it";
        case ENAMETOOLONG: return "; take a shorter name";
        case EMFILE:
        case ENFILE:
            return "; too many files are open: raise the limit (ulimit -n) or lower --jobs";
        default: return "";
    }
}

}  // namespace

std::string system_trouble(int error) {
    return fmt::format("{}{}", std::strerror(error), advice_for(error));
}

}  // namespace avtalskoll::pipeline
