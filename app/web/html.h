// Pages from their templates (app/web/templates), which are part of the program. Everything is
// escaped: the templates know no way around it.
#pragma once
#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>

namespace avtalskoll::app::web {

using Data = kainjow::mustache::data;

inline Data list() { return Data(Data::type::list); }
inline Data flag(bool set) { return Data(set ? Data::type::bool_true : Data::type::bool_false); }
// A text, or nothing to show when it is empty.
inline Data if_any(const std::string& text) { return text.empty() ? flag(false) : Data(text); }

// `name`: the template's, without ending; head and foot are put around it. Throws Error{Internal}
// when the template is wrong.
std::string page_html(std::string_view name, const Data& data);

// A file of app/web/templates or app/web/static as it was built in; empty: there is none.
std::string_view asset(std::string_view name);

}  // namespace avtalskoll::app::web
