package teacher

import (
	"net/http"
	"strconv"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// previewData is the preview: who would be awarded the badge now, who is close, who
// cannot be, and why.
type previewData struct {
	Groups  []previewGroup
	Changes *previewChanges // compared with the saved rule; nil if there is none
	Problem string          // why nothing could be read, or why nobody can meet the rule
	Page    string          // address of the further pages of a group
	Form    bool            // they are requested by sending the form again
}

// previewPart is a group with the address of its further pages.
type previewPart struct {
	Group previewGroup
	Page  string
	Form  bool
}

// Parts returns the groups for the template.
func (p previewData) Parts() []previewPart {
	parts := make([]previewPart, len(p.Groups))
	for i, g := range p.Groups {
		parts[i] = previewPart{g, p.Page, p.Form}
	}
	return parts
}

// previewGroup is one page of the learners with one standing.
type previewGroup struct {
	Standing badges.Standing
	Count    int // learners on all pages
	Learners []previewLearner
	Next     int // index where the next page begins; 0 on the last page
}

type previewLearner struct {
	Name     string
	Award    *previewAward    // the newest award; nil if there is none
	Why      string           // why the learner cannot be awarded the badge; else empty
	Criteria []view.Criterion // what is done and what is missing; if the learner has the badge, for earning it again
}

// previewAward is the newest award of the badge to a learner.
type previewAward struct {
	view.Validity

	State     badges.AssertionState
	AwardedAt time.Time
	Has       bool   // the learner has the badge
	Path      string // of the award's page; empty beside a form, because leaving the form loses its content
}

// standings are in the order in which the preview shows them.
var standings = []badges.Standing{
	badges.Earns, badges.Holds, badges.Above, badges.Close, badges.NotYet, badges.Undecided, badges.Cannot,
}

const (
	previewPage   = 25 // learners on a page of a group
	changesToName = 10
)

// previewRequest says what to preview.
type previewRequest struct {
	rule   badges.Rule
	badge  *badges.Badge // the saved badge; nil if there is none
	edited bool          // the rule may differ from the saved rule
	page   string
}

// previewedBadge returns the badge with the previewed rule.
func (of previewRequest) previewedBadge() badges.Badge {
	b := badges.Badge{State: badges.Draft}
	if of.badge != nil {
		b = *of.badge
	}
	b.Current.Rule = of.rule
	return b
}

// awards returns the path below which the pages of the badge's awards are; empty if the
// preview has no links to them.
func (of previewRequest) awards(who page.Session) string {
	if of.badge == nil || of.edited {
		return ""
	}
	return who.Path("/badges/" + string(of.badge.ID) + "/recipients/")
}

// previewBadge shows the preview of a saved badge.
func (h *Handler) previewBadge(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	return h.showPreview(w, r, who, previewRequest{rule: badge.Current.Rule, badge: &badge, page: who.Path("/badges/" + string(badge.ID) + "/preview")})
}

// previewForm shows the preview of the rule in the form, which may not be saved yet.
func (h *Handler) previewForm(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx, locale := r.Context(), h.Locale(r, &who)
	if err := page.ParseForm(r); err != nil {
		return err
	}
	of := previewRequest{page: who.Path("/badges/preview"), edited: true}
	if id := badges.BadgeID(r.PostFormValue("badge")); id != "" {
		badge, err := h.Store.Badge(ctx, who.Course, id)
		if err != nil {
			return err
		}
		of.badge = &badge
	}
	outline, err := h.keptOutline(ctx, who, "")
	if err != nil {
		return err
	}
	if of.rule, err = h.readRule(r, outline); err == nil {
		err = mayAsk(&of.rule, outline)
	}
	if err != nil {
		return h.Show(w, r, locale, "teacher/fragment/preview", who.Page("", previewData{Problem: page.Message(err, locale)}))
	}
	return h.showPreview(w, r, who, of)
}

// mayAsk returns fault.Invalid if rule asks about another course or a badge that is not
// in outline. The teacher does not teach there, and a preview would show how the
// learners there do.
func mayAsk(rule *badges.Rule, outline *badges.Outline) error {
	for _, c := range rule.Conditions() {
		if c.Course == "" && c.Kind != badges.BadgeHeld {
			continue
		}
		if err := c.CheckAgainst(outline); err != nil {
			return err
		}
	}
	return nil
}

// showPreview reads the course and shows the first page of each group. A request for
// one more page of a group shows what was read for the first page.
func (h *Handler) showPreview(w http.ResponseWriter, r *http.Request, who page.Session, of previewRequest) error {
	locale := h.Locale(r, &who)
	if err := page.ParseForm(r); err != nil {
		return err
	}
	standing := badges.Standing(r.Form.Get("standing"))
	course, err := h.previewCourse(r.Context(), who, of, standing != "")
	data := previewData{Page: of.page, Form: of.edited}
	if err != nil {
		described := page.Describe(err, locale)
		if described.Status == http.StatusInternalServerError {
			return err
		}
		data.Problem = described.Message
	}
	outlooks := course.outlooks()
	show := func(o *badges.Outlook) previewLearner { return previewed(o, of.awards(who), course.now, locale) }
	if standing != "" {
		from, err := strconv.Atoi(r.Form.Get("skip"))
		if err != nil || from < 0 {
			return fault.New(fault.Invalid, "problem.form_unreadable")
		}
		data.Groups = []previewGroup{previewPageOf(outlooks, standing, from, show)}
		return h.Show(w, r, locale, "teacher/fragment/preview_page", who.Page("", data))
	}
	for _, standing := range standings {
		if group := previewPageOf(outlooks, standing, 0, show); group.Count > 0 {
			data.Groups = append(data.Groups, group)
		}
	}
	if of.edited && of.badge != nil {
		data.Changes = course.changes()
	}
	return h.Show(w, r, locale, "teacher/fragment/preview", who.Page("", data))
}

// previewPageOf returns the page of the learners with standing that begins at index
// from.
func previewPageOf(outlooks []badges.Outlook, standing badges.Standing, from int, show func(*badges.Outlook) previewLearner) previewGroup {
	group := previewGroup{Standing: standing}
	for i := range outlooks {
		if outlooks[i].Standing != standing {
			continue
		}
		if group.Count >= from && len(group.Learners) < previewPage {
			group.Learners = append(group.Learners, show(&outlooks[i]))
		}
		group.Count++
	}
	if end := from + len(group.Learners); end < group.Count {
		group.Next = end
	}
	return group
}

// previewed returns the entry of a learner. awards is the path below which the pages of
// the badge's awards are.
func previewed(o *badges.Outlook, awards string, now time.Time, locale templates.Locale) previewLearner {
	p := previewLearner{Name: o.Member.Name, Criteria: view.OpenCriteria(o, locale)}
	if o.Standing == badges.Cannot {
		p.Why = locale.T(o.Why.Key(), nil)
	}
	if o.Last.State == "" {
		return p
	}
	p.Award = &previewAward{State: o.Last.State, AwardedAt: o.Last.AwardedAt, Has: o.Standing == badges.Holds}
	if o.Last.State.InForce() {
		p.Award.Validity = view.Validity{ExpiresAt: o.Last.ExpiresAt, Expired: o.Last.Expired(now)}
	}
	if awards != "" {
		p.Award.Path = awards + string(o.Last.Assertion)
	}
	return p
}
