#include "app/review/case_event.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <type_traits>

namespace avtalskoll::app {
namespace {

// In the order of CaseEventDetail.
constexpr std::array kKinds{"moved",           "noted",          "numbered",
                            "copy_compared",   "data_set_added", "data_set_removed",
                            "credentials_sent"};
static_assert(kKinds.size() == std::variant_size_v<CaseEventDetail>);

template <class Detail>
const Detail* detail_of(const CaseEvent& event) {
    return event.detail ? std::get_if<Detail>(&*event.detail) : nullptr;
}

}  // namespace

bool CopySheet::operator==(const CopySheet& other) const {
    const auto same = [](const std::vector<BoxShare>& a, const std::vector<BoxShare>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](const BoxShare& x, const BoxShare& y) {
                              return x.x == y.x && x.y == y.y && x.w == y.w && x.h == y.h;
                          });
    };
    return approved_file == other.approved_file && approved_page == other.approved_page &&
           copy_page == other.copy_page && text == other.text &&
           same(on_approved, other.on_approved) && same(on_copy, other.on_copy);
}

bool is_iso_day(const std::string& text) {
    constexpr std::string_view kForm = "dddd-dd-dd";
    if (text.size() != kForm.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (kForm[i] == 'd' ? !is_digit : text[i] != '-') return false;
    }
    using std::chrono::day, std::chrono::month, std::chrono::year;
    return std::chrono::year_month_day(year(std::stoi(text)),
                                       month(static_cast<unsigned>(std::stoi(text.substr(5)))),
                                       day(static_cast<unsigned>(std::stoi(text.substr(8)))))
        .ok();
}

const char* kind_of(const CaseEventDetail& detail) { return kKinds.at(detail.index()); }

std::vector<const DataSetAdded*> data_sets_of(const std::vector<CaseEvent>& events) {
    std::vector<const DataSetAdded*> found;
    const auto drop = [&](const std::string& id) {
        std::erase_if(found, [&](const DataSetAdded* one) { return one->data_set == id; });
    };
    for (const CaseEvent& event : events) {
        if (const auto* removed = detail_of<DataSetRemoved>(event)) drop(removed->data_set);
        const auto* added = detail_of<DataSetAdded>(event);
        if (!added) continue;
        drop(added->data_set);
        found.push_back(added);
    }
    return found;
}

const CredentialsSent* credentials_of(const std::vector<CaseEvent>& events,
                                      const std::string& data_set) {
    const CredentialsSent* newest = nullptr;
    for (const CaseEvent& event : events) {
        if (const auto* removed = detail_of<DataSetRemoved>(event);
            removed && removed->data_set == data_set)
            newest = nullptr;
        if (const auto* sent = detail_of<CredentialsSent>(event);
            sent && sent->data_set == data_set)
            newest = sent;
    }
    return newest;
}

}  // namespace avtalskoll::app
