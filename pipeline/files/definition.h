// A YAML file that defines something, read so that every complaint names file, line and reason.
//
// Internal to pipeline/.
#pragma once
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <string>

#include "models/error.h"

namespace avtalskoll::pipeline {

// A definition file that is being read: knows how to complain about a place in it. Every member
// throws Error{BadInput}.
class Definition {
public:
    explicit Definition(std::filesystem::path file) : file_(std::move(file)) {
        try {
            root_ = YAML::LoadFile(file_.string());
        } catch (const YAML::ParserException& e) {
            throw Error(ErrorKind::BadInput,
                        fmt::format("{}:{}: {}", file_.string(), e.mark.line + 1, e.msg));
        } catch (const YAML::BadFile&) {
            throw Error(ErrorKind::BadInput, fmt::format("{}: cannot be read", file_.string()));
        }
        if (!root_.IsMap()) refuse(root_, "must be a map of keys");
    }
    const YAML::Node& root() const { return root_; }

    [[noreturn]] void refuse(const YAML::Node& at, const std::string& why) const {
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}:{}: {}", file_.string(), std::max(0, at.Mark().line) + 1, why));
    }

    void only_keys(const YAML::Node& map, std::initializer_list<const char*> known) const {
        if (!map.IsMap()) refuse(map, "must be a map of keys");
        for (const auto& entry : map) {
            if (!entry.first.IsScalar()) refuse(map, "a key must be a word");
            const std::string& key = entry.first.Scalar();
            if (std::none_of(known.begin(), known.end(), [&](const char* k) { return key == k; }))
                refuse(entry.first, fmt::format("unknown key '{}'; known here: {}", key,
                                                fmt::join(known, ", ")));
        }
    }

    template <class T>
    T get(const YAML::Node& map, const char* key) const {
        const YAML::Node node = map[key];
        if (!node) refuse(map, fmt::format("'{}' is missing", key));
        return convert<T>(node, key);
    }

    template <class T>
    T get_or(const YAML::Node& map, const char* key, T fallback) const {
        const YAML::Node node = map[key];
        return node ? convert<T>(node, key) : fallback;
    }

    YAML::Node list(const YAML::Node& map, const char* key) const {
        const YAML::Node node = map[key];
        if (!node || !node.IsSequence() || node.size() == 0)
            refuse(node ? node : map,
                   fmt::format("'{}' must be a list with at least one entry", key));
        return node;
    }

private:
    template <class T>
    T convert(const YAML::Node& node, const char* key) const {
        try {
            return node.as<T>();
        } catch (const YAML::Exception&) {
            refuse(node, fmt::format("'{}' has a value of the wrong type", key));
        }
    }

    std::filesystem::path file_;
    YAML::Node root_;
};

}  // namespace avtalskoll::pipeline
