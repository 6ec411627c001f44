// A store of each kind, and what the pages work with.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "app/review/case_rules.h"
#include "app/service/form_workshop.h"
#include "app/store/mail_store.h"
#include "app/web/held_uploads.h"
#include "app/web/page_pictures.h"
#include "app/web/visit.h"
#include "tests/support/case_fixture.h"
#include "tests/support/rule_words.h"
#include "tests/support/texts.h"

namespace avtalskoll::app::web {

class SiteTest : public CaseTest {
protected:
    const std::unique_ptr<Accounts> accounts_ = under_test_->open_accounts();
    const std::unique_ptr<WorkStore> work_ = under_test_->open_work();
    const std::unique_ptr<MailStore> mail_ = open_mail_store(under_test_->place(), 1);
    int woken_ = 0;                    // how often the checker was woken
    std::vector<std::string> faults_;  // that were noted
    PagePictures pictures_{{}, 1 << 20};
    HeldUploads held_;
    const CaseRules rules_ = load_case_rules(AVTALSKOLL_SOURCE_DIR "/data");
    const std::shared_ptr<const FormSet> forms_ = std::make_shared<FormSet>(written_forms());
    FormWorkshop workshop_{"no forms", "no drafts", {}};
    Services services_{*store_,
                       *cases_,
                       *accounts_,
                       *work_,
                       *mail_,
                       pictures_,
                       held_,
                       [this] { return forms_; },
                       rule_words(),
                       swedish(),
                       rules_,
                       {},
                       [this] { ++woken_; },
                       [] {},
                       {},
                       0,
                       workshop_,
                       {},
                       {},
                       {},
                       [this](const std::string& what) { faults_.push_back(what); }};
};

}  // namespace avtalskoll::app::web
