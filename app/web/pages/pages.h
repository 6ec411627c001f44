// The pages. Each handler is called with the role that its route asks for, from many threads at
// once. Throws Error{Io} when the store cannot be read or written.
#pragma once
#include "app/http/http.h"

namespace avtalskoll::app::web {

struct Visit;

// The queue.
Response queue_page(const Visit& visit);

// One case, and what is decided on it.
Response review_page(const Visit& visit);
Response decide_on_case(const Visit& visit);
Response undo_decision(const Visit& visit);
Response claim_case(const Visit& visit);
Response take_over_case(const Visit& visit);
Response release_case(const Visit& visit);

// A case as a whole: its state, number, notes, files that complete it, data sets, credentials.
Response move_case(const Visit& visit);
Response number_case(const Visit& visit);
Response note_on_case(const Visit& visit);
Response complete_case(const Visit& visit);
Response add_data_set(const Visit& visit);
Response remove_data_set(const Visit& visit);
Response note_credentials(const Visit& visit);

// Its counter-signed copy.
Response take_copy(const Visit& visit);
Response copy_page(const Visit& visit);
Response copy_picture(const Visit& visit);
Response accept_copy(const Visit& visit);
Response send_copy(const Visit& visit);

// A case's pictures, originals and reports.
Response page_picture(const Visit& visit);
Response field_cutting(const Visit& visit);
Response original_file(const Visit& visit);
Response earlier_file(const Visit& visit);
Response earlier_report(const Visit& visit);

// The request for completion.
Response letter_form(const Visit& visit);
Response send_letter(const Visit& visit);
Response letter_page(const Visit& visit);
Response letter_text(const Visit& visit);
Response letter_mail(const Visit& visit);
// A reminder of it, and mail that a person must look at.
Response reminder_form(const Visit& visit);
Response send_reminder(const Visit& visit);
Response settle_mail(const Visit& visit);

// Uploads.
Response upload_page(const Visit& visit);
Response take_upload(const Visit& visit);
Response upload_question(const Visit& visit);
Response answer_upload(const Visit& visit);

Response statistics_page(const Visit& visit);

// For administrators: the forms and their editor. check, save and try answer in JSON.
Response forms_page(const Visit& visit);
Response import_blank(const Visit& visit);
Response form_editor(const Visit& visit);
Response compare_forms(const Visit& visit);
Response form_page_picture(const Visit& visit);
Response check_form(const Visit& visit);
Response save_form(const Visit& visit);
Response try_form(const Visit& visit);
Response discard_draft(const Visit& visit);

// For administrators.
Response log_page(const Visit& visit);
Response users_page(const Visit& visit);
// What no worker could finish, for administrators.
Response failed_page(const Visit& visit);
Response try_failed_again(const Visit& visit);

}  // namespace avtalskoll::app::web
