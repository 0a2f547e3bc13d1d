package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/templates"
)

// previewData says who would get the badge now, who is close, who cannot, and
// why.
type previewData struct {
	Groups  []previewGroup
	Total   int
	Problem string // why nothing could be read, or the rule cannot be met
}

type previewGroup struct {
	Standing badges.Standing
	Learners []previewLearner
}

type previewLearner struct {
	Name     string
	Why      string // for those who cannot
	Percent  int    // of the way
	Criteria []criterion
}

// criterion is one condition and where the learner stands with it.
type criterion struct {
	Text    string
	Verdict string // met, unmet, unknown
	Detail  string // the grade so far, or why it is unknown
}

// standings in the order the preview shows them.
var standings = []badges.Standing{
	badges.Earns, badges.Holds, badges.Close, badges.NotYet, badges.Undecided, badges.Cannot,
}

// previewBadge previews a saved badge.
func (s *Server) previewBadge(w http.ResponseWriter, r *http.Request, who Session) error {
	badge, err := s.pathBadge(r, who)
	if err != nil {
		return err
	}
	holders, err := s.Store.Holders(r.Context(), who.Course, badge.ID)
	if err != nil {
		return err
	}
	return s.showPreview(w, r, who, badge.Current.Rule, holders)
}

// previewForm previews the rule that stands in the form, saved or not.
func (s *Server) previewForm(w http.ResponseWriter, r *http.Request, who Session) error {
	locale := s.locale(r, &who)
	activities, err := s.courseActivities(r.Context(), who.Course)
	if err != nil {
		return s.render(w, r, locale, "teacher_preview", who.page("", previewData{Problem: message(err, locale)}))
	}
	rule, err := readRule(r, activities)
	if err == nil {
		err = rule.CheckAgainst(activities)
	}
	if err != nil {
		return s.render(w, r, locale, "teacher_preview", who.page("", previewData{Problem: message(err, locale)}))
	}
	return s.showPreview(w, r, who, rule, nil)
}

func (s *Server) showPreview(w http.ResponseWriter, r *http.Request, who Session, rule badges.Rule, holders map[badges.UserID]badges.AssertionState) error {
	locale := s.locale(r, &who)
	decisions, activities, err := s.decisions(r, who.Course, rule, holders)
	data := previewData{Total: len(decisions)}
	if err == nil {
		err = rule.CheckAgainst(activities)
	}
	if err != nil {
		data.Problem = message(err, locale)
	}
	for _, standing := range standings {
		group := previewGroup{Standing: standing}
		for _, d := range decisions {
			if d.Standing == standing {
				group.Learners = append(group.Learners, previewed(d, locale))
			}
		}
		if len(group.Learners) > 0 {
			data.Groups = append(data.Groups, group)
		}
	}
	return s.render(w, r, locale, "teacher_preview", who.page("", data))
}

// decisions reads the course live and decides for every learner, the nearest
// first. Teachers are left out: they are no candidates.
func (s *Server) decisions(r *http.Request, course badges.CourseKey, rule badges.Rule, holders map[badges.UserID]badges.AssertionState) ([]badges.Decision, []badges.Activity, error) {
	var subjects []badges.Subject
	for _, c := range rule.Conditions() {
		subjects = append(subjects, c.Subject())
	}
	reading, err := s.Evidence.Read(r.Context(), course, subjects)
	if err != nil {
		return nil, nil, err
	}
	seen, err := s.Store.Members(r.Context(), course)
	if err != nil {
		return nil, nil, err
	}
	teaches := map[badges.UserID]bool{}
	for _, m := range seen {
		teaches[m.User] = m.Teaches
	}
	var decisions []badges.Decision
	for _, m := range reading.Members {
		if m.Teaches {
			continue
		}
		m.Teaches = teaches[m.User]
		d := badges.Decide(rule, m, reading.Evidence[m.User])
		if _, holds := holders[m.User]; holds {
			d.Standing = badges.Holds
		}
		decisions = append(decisions, d)
	}
	slices.SortStableFunc(decisions, func(a, b badges.Decision) int {
		return cmp.Or(cmp.Compare(b.Explanation.Progress(), a.Explanation.Progress()), strings.Compare(a.Member.Name, b.Member.Name))
	})
	return decisions, reading.Activities, nil
}

func previewed(d badges.Decision, locale templates.Locale) previewLearner {
	p := previewLearner{Name: d.Member.Name, Percent: int(d.Explanation.Progress() * 100), Criteria: criteria(d.Explanation, locale)}
	if d.Why != "" {
		p.Why = locale.T(d.Why, nil)
	}
	return p
}

// criteria explains each condition in the reader's language.
func criteria(x badges.Explanation, locale templates.Locale) []criterion {
	var list []criterion
	for _, leaf := range x.Leaves() {
		c := criterion{Text: leaf.Rule.Describe(locale), Verdict: leaf.Verdict.String()}
		switch o := leaf.Observed; {
		case leaf.Verdict == badges.Unknown:
			c.Detail = locale.T(o.Why, nil)
		case o.Grade != nil:
			percent, _ := o.Grade.Percent()
			c.Detail = locale.T("progress.grade_so_far", map[string]any{"Percent": percent})
		case leaf.Rule.Kind == badges.ActivityGrade:
			c.Detail = locale.T("progress.no_grade", nil)
		}
		list = append(list, c)
	}
	return list
}
