package lti

// SubmissionReview has the platform lead from a learner's score to what it is
// made of, by a launch of the type SubmissionReviewRequest (LTI Submission Review
// 1.0, "submissionReview" of a line item). Platforms that do not know it, and
// Moodle where a tool makes the line item by itself, leave it alone.
type SubmissionReview struct {
	Statuses []ActivityProgress // that a score must have; at least one
	URL      string             // where to; empty: where the line item's link leads, so that it needs one
}

// launches reports whether a platform could make a launch of it, for a line item
// with a link of its own or without one.
func (r *SubmissionReview) launches(linked bool) bool {
	return len(r.Statuses) > 0 && (linked || r.URL != "")
}

// document is the review as JSON.
func (r *SubmissionReview) document() map[string]any {
	document := map[string]any{"reviewableStatus": r.Statuses}
	if r.URL != "" {
		document["url"] = r.URL
	}
	return document
}
