// What happens to a case besides decisions: moves, notes, its number, data sets, credentials.
// Events are added and never changed; a later one outdates an earlier. Pure data.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/counter_signing.h"
#include "models/geometry.h"

namespace avtalskoll::app {

struct CasePerson {
    std::string name, email, phone;
    bool operator==(const CasePerson&) const = default;
};

struct CaseMoved {
    std::string move, from, to, reason;  // names as data/cases/states.yaml has them
    bool operator==(const CaseMoved&) const = default;
};

struct CaseNoted {
    std::string text;
    bool operator==(const CaseNoted&) const = default;
};

// The authority's own number (diarienummer); empty: taken away.
struct CaseNumbered {
    std::string number;
    bool operator==(const CaseNumbered&) const = default;
};

// A page of a counter-signed copy that is not surely the approved one, beside that one.
struct CopySheet {
    std::string approved_file;                   // name; empty: none
    int approved_page = 0, copy_page = 0;        // from 1; copy_page 0: the copy lacks it
    std::vector<BoxShare> on_approved, on_copy;  // the places that differ
    std::string text;                            // in the language of the pages
    bool operator==(const CopySheet& other) const;
};

// A counter-signed copy was compared with the approved pages.
struct CopyCompared {
    CountersignedVerdict verdict = CountersignedVerdict::Unsure;
    std::string file, sha256;          // the copy's name and content
    std::string approved;              // content of the case that it was compared with
    std::vector<std::string> remarks;  // what is otherwise, in the language of the pages
    std::string accepted_because;      // an officer's reason to take a copy that does not agree
    std::vector<CopySheet> sheets = {};
    bool operator==(const CopyCompared&) const = default;
};

struct DataSetAdded {
    std::string data_set;  // id in data/datasets.yaml
    CasePerson owner, support;
    std::string agent;      // an organisation that acts for the producer (ombud); empty: none
    std::string authority;  // where its authority (fullmakt) is kept; empty: it has shown none
    bool operator==(const DataSetAdded&) const = default;
};

struct DataSetRemoved {
    std::string data_set, reason;
    bool operator==(const DataSetRemoved&) const = default;
};

// That credentials were sent, never the credentials.
struct CredentialsSent {
    std::string data_set;
    CasePerson to;
    std::string on;  // YYYY-MM-DD
    bool operator==(const CredentialsSent&) const = default;
};

using CaseEventDetail = std::variant<CaseMoved, CaseNoted, CaseNumbered, CopyCompared, DataSetAdded,
                                     DataSetRemoved, CredentialsSent>;

struct CaseEvent {
    std::int64_t key = 0;
    std::string at, officer;                // at: ISO 8601, UTC
    std::string kind;                       // as stored: "moved"
    std::optional<CaseEventDetail> detail;  // nullopt: purged
};

// True for a day that exists, written YYYY-MM-DD.
bool is_iso_day(const std::string& text);

// "moved", "noted" and so on, as stores have it.
const char* kind_of(const CaseEventDetail& detail);

// The data sets that were added and not removed since, oldest first. The events must outlive them.
std::vector<const DataSetAdded*> data_sets_of(const std::vector<CaseEvent>& events);
// The newest that says where a data set's credentials went, since it was added; nullptr: none.
const CredentialsSent* credentials_of(const std::vector<CaseEvent>& events,
                                      const std::string& data_set);

}  // namespace avtalskoll::app
