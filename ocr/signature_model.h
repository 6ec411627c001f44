// The trained judge of signature ink: shape measures in, belief that a hand signed out.
//
// A forest of regression trees (Breiman 2001) over signature_feature_names(); trained by avtalskoll-train-signature, the
// card beside the weights says on what. Immutable after loading; safe from many threads.
#pragma once
#include <filesystem>
#include <memory>
#include <vector>

namespace avtalskoll::ocr {

class SignatureModel {
public:
    // Throws Error{NotFound} when the file is absent, Error{BadInput} when it is no forest of this many measures.
    explicit SignatureModel(const std::filesystem::path& file);
    ~SignatureModel();

    // 0..1. Too little ink is no signature whatever its shape: the forest is asked only above that.
    double score(const std::vector<float>& features) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace avtalskoll::ocr
