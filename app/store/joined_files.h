// Files that come to complete what came before.
#pragma once
#include "models/submission.h"

namespace avtalskoll::app {

// The earlier files, and the new ones as a later hand-in. A file that is there already is not taken
// twice; a name that is taken gets a number. The account keeps everything that the new one says
// nothing of. `earlier` is as the store gives it: its copies are named by their SHA-256.
Submission joined(const Submission& earlier, const Submission& added);

}  // namespace avtalskoll::app
