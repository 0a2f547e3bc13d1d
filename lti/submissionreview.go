package lti

// SubmissionReview lets the platform link a learner's score to the learner's work, with
// a launch of the type SubmissionReviewRequest (LTI Submission Review 1.0,
// "submissionReview" of a line item). Some platforms ignore it; Moodle ignores it if
// the tool creates the line item by itself.
type SubmissionReview struct {
	Statuses []ActivityProgress // statuses of a score that offer the review; at least one
	URL      string             // target of the launch; empty means the link of the line item, which is then required
}

// launches reports whether a platform can launch the review, for a line item with or
// without a link.
func (r *SubmissionReview) launches(linked bool) bool {
	return len(r.Statuses) > 0 && (linked || r.URL != "")
}

// document returns the review as JSON.
func (r *SubmissionReview) document() map[string]any {
	document := map[string]any{"reviewableStatus": r.Statuses}
	if r.URL != "" {
		document["url"] = r.URL
	}
	return document
}
