package badges

// Learner is a person who reads their own badges.
type Learner struct {
	Course CourseKey // without a context: in all courses of the platform
	User   UserID
}

// Owns reports whether a is an award of the learner that they can see.
func (l Learner) Owns(a Assertion) bool {
	return a.Course.Platform == l.Course.Platform && a.User == l.User && a.VisibleToLearner() &&
		(l.Course.Context == "" || a.Course.Context == l.Course.Context)
}
