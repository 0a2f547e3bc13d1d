package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

// previewData says who would get the badge now, who is close, who cannot, and
// why.
type previewData struct {
	Groups  []previewGroup
	Changes *previewChanges // against the rule as it is saved; nil without one
	Problem string          // why nothing could be read, or the rule cannot be met
	Page    string          // where further pages of a group are asked for
	Form    bool            // by sending the form again
}

// previewPart is a group with where its further pages are asked for.
type previewPart struct {
	Group previewGroup
	Page  string
	Form  bool
}

// Parts are the groups as the page lays them out.
func (p previewData) Parts() []previewPart {
	parts := make([]previewPart, len(p.Groups))
	for i, g := range p.Groups {
		parts[i] = previewPart{g, p.Page, p.Form}
	}
	return parts
}

// previewGroup is one page of the learners of one standing.
type previewGroup struct {
	Standing badges.Standing
	Count    int // of all pages
	Learners []previewLearner
	Next     int // where the next page begins; 0 on the last
}

type previewLearner struct {
	Name     string
	Why      string // for those who cannot
	Percent  int    // of the way
	Criteria []criterion
}

// previewChanges names who would newly get the badge by an edited rule, and who
// no longer.
type previewChanges struct {
	Gained, Lost           []string
	MoreGained, MoreLost   int // beyond those named
	GainedCount, LostCount int
}

// standings in the order the preview shows them.
var standings = []badges.Standing{
	badges.Earns, badges.Holds, badges.Above, badges.Close, badges.NotYet, badges.Undecided, badges.Cannot,
}

const (
	previewPage   = 25 // learners on a page of a group
	changesToName = 10
)

// previewOf is what a preview is asked for.
type previewOf struct {
	rule   badges.Rule
	badge  *badges.Badge // the saved one, if there is one
	edited bool          // the rule may differ from the saved one
	page   string
}

// previewBadge previews a saved badge.
func (s *Server) previewBadge(w http.ResponseWriter, r *http.Request, who Session) error {
	badge, err := s.pathBadge(r, who)
	if err != nil {
		return err
	}
	return s.showPreview(w, r, who, previewOf{rule: badge.Current.Rule, badge: &badge, page: who.Path("/badges/" + string(badge.ID) + "/preview")})
}

// previewForm previews the rule that stands in the form, saved or not.
func (s *Server) previewForm(w http.ResponseWriter, r *http.Request, who Session) error {
	ctx, locale := r.Context(), s.locale(r, &who)
	if err := parseForm(r); err != nil {
		return err
	}
	of := previewOf{page: who.Path("/badges/preview"), edited: true}
	if id := badges.BadgeID(r.PostFormValue("badge")); id != "" {
		badge, err := s.Store.Badge(ctx, who.Course, id)
		if err != nil {
			return err
		}
		of.badge = &badge
	}
	outline, err := s.keptOutline(ctx, who, "")
	if err != nil {
		return err
	}
	if of.rule, err = s.readRule(r, outline); err != nil {
		return s.render(w, r, locale, "teacher_preview", who.page("", previewData{Problem: message(err, locale)}))
	}
	return s.showPreview(w, r, who, of)
}

// showPreview shows the first page of each group, read live; or one more page of
// one of them, as it was read then.
func (s *Server) showPreview(w http.ResponseWriter, r *http.Request, who Session, of previewOf) error {
	locale := s.locale(r, &who)
	if err := parseForm(r); err != nil {
		return err
	}
	standing := badges.Standing(r.Form.Get("standing"))
	candidates, err := s.candidates(r.Context(), who, of, standing != "")
	data := previewData{Page: of.page, Form: of.edited}
	if err != nil {
		told := describe(err, locale)
		if told.Status == http.StatusInternalServerError {
			return err
		}
		data.Problem = told.Message
	}
	decisions := s.decide(candidates, of)
	if standing != "" {
		from, err := strconv.Atoi(r.Form.Get("skip"))
		if err != nil || from < 0 {
			return fault.New(fault.Invalid, "problem.form_unreadable")
		}
		data.Groups = []previewGroup{previewPageOf(decisions, standing, from, locale)}
		return s.render(w, r, locale, "teacher_preview_page", who.page("", data))
	}
	for _, standing := range standings {
		if group := previewPageOf(decisions, standing, 0, locale); group.Count > 0 {
			data.Groups = append(data.Groups, group)
		}
	}
	if of.edited && of.badge != nil {
		data.Changes = s.changes(candidates, of)
	}
	return s.render(w, r, locale, "teacher_preview", who.page("", data))
}

// candidate is a learner with what is known.
type candidate struct {
	member   badges.Member
	evidence badges.Evidence
	holds    bool // and cannot earn it again yet
	valid    bool // holds it, and can earn it again already
	covered  bool // has a higher step
	above    bool // would get a higher step now
	passed   bool // met the rule before the badge was switched on, and is not to get it
}

// candidates reads the course live, or takes what the last reading left.
// Teachers are left out. The error says also why the rule cannot be met; then
// the candidates are there all the same.
func (s *Server) candidates(ctx context.Context, who Session, of previewOf, kept bool) ([]candidate, error) {
	reading, err := s.readFor(ctx, who.Course, of, kept)
	if err != nil {
		return nil, err
	}
	var holders map[badges.UserID]badges.Holding
	var passed map[badges.UserID]bool
	var climb stepsAbove
	if of.badge != nil {
		if climb, err = s.stepsAbove(ctx, *of.badge); err != nil {
			return nil, err
		}
		if holders, err = s.Store.Holders(ctx, who.Course, of.badge.ID); err != nil {
			return nil, err
		}
		if passed, err = s.Store.PassedOver(ctx, who.Course, of.badge.ID); err != nil {
			return nil, err
		}
	}
	var list []candidate
	for _, m := range reading.Members {
		if m.Teaches {
			continue
		}
		c := candidate{member: m, evidence: reading.Findings[m.User], passed: passed[m.User]}
		if held, holds := holders[m.User]; holds {
			again := held.AgainByRule(s.Now())
			c.holds, c.valid = !again, again && held.Stands(s.Now())
		}
		c.covered, c.above = climb.held[m.User].Covers(of.badge, s.Now()), climb.earned(m, c.evidence, s.Now())
		c.evidence = c.evidence.After(badges.Later(holders[m.User].EvidenceUntil, climb.held[m.User].UsedUp(s.Now())))
		list = append(list, c)
	}
	outline := reading.Outline
	var self badges.BadgeID
	if of.badge != nil {
		self = of.badge.ID
	}
	if err := s.surround(ctx, who, self, &outline); err != nil {
		return nil, err
	}
	return list, of.rule.CheckAgainst(&outline)
}

// readFor reads what the rule asks about, and keeps it: further pages, and the
// learners' own, show what was read.
func (s *Server) readFor(ctx context.Context, course badges.CourseKey, of previewOf, kept bool) (badges.Reading, error) {
	if kept {
		return s.Store.Reading(ctx, course)
	}
	subjects := of.rule.Subjects()
	if of.badge != nil {
		subjects = append(subjects, of.badge.Current.Rule.Subjects()...)
		climb, err := s.stepsAbove(ctx, *of.badge)
		if err != nil {
			return badges.Reading{}, err
		}
		for _, b := range climb.open {
			subjects = append(subjects, b.Current.Rule.Subjects()...)
		}
	}
	reading, err := s.Evidence.Read(ctx, course, subjects)
	if err != nil {
		return badges.Reading{}, err
	}
	if err := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.SaveReading(ctx, course, reading) }); err != nil {
		return badges.Reading{}, err
	}
	members, err := s.Store.Members(ctx, course)
	if err != nil {
		return badges.Reading{}, err
	}
	listed := make(map[badges.UserID]bool, len(reading.Members))
	for _, m := range reading.Members {
		listed[m.User] = true
	}
	// As saved, they say who was ever seen teaching.
	reading.Members = slices.DeleteFunc(members, func(m badges.Member) bool { return !listed[m.User] })
	return reading, nil
}

// decide tells where each candidate stands, the nearest first.
func (s *Server) decide(candidates []candidate, of previewOf) []badges.Decision {
	decisions := make([]badges.Decision, len(candidates))
	for i, c := range candidates {
		decisions[i] = badges.Decide(&of.rule, c.member, c.evidence, s.Now())
		switch {
		case !c.holds && (c.covered || c.above && decisions[i].Standing == badges.Earns):
			decisions[i].Standing = badges.Above
		case c.holds, c.valid && decisions[i].Standing != badges.Earns:
			decisions[i].Standing = badges.Holds
		case c.passed:
			decisions[i].Standing, decisions[i].Why = badges.Cannot, "cannot.passed_over"
		}
	}
	slices.SortStableFunc(decisions, func(a, b badges.Decision) int {
		return cmp.Or(cmp.Compare(b.Explanation.Progress(), a.Explanation.Progress()), strings.Compare(a.Member.Name, b.Member.Name))
	})
	return decisions
}

// changes compares the rule with the saved one.
func (s *Server) changes(candidates []candidate, of previewOf) *previewChanges {
	changes := &previewChanges{}
	for _, c := range candidates {
		if c.holds || c.passed || c.covered || c.above {
			continue
		}
		before := badges.Decide(&of.badge.Current.Rule, c.member, c.evidence, s.Now()).Standing == badges.Earns
		after := badges.Decide(&of.rule, c.member, c.evidence, s.Now()).Standing == badges.Earns
		switch {
		case after && !before:
			changes.Gained = append(changes.Gained, c.member.Name)
		case before && !after:
			changes.Lost = append(changes.Lost, c.member.Name)
		}
	}
	changes.GainedCount, changes.LostCount = len(changes.Gained), len(changes.Lost)
	changes.MoreGained, changes.MoreLost = max(0, changes.GainedCount-changesToName), max(0, changes.LostCount-changesToName)
	changes.Gained = changes.Gained[:changes.GainedCount-changes.MoreGained]
	changes.Lost = changes.Lost[:changes.LostCount-changes.MoreLost]
	return changes
}

// previewPageOf is the page of a standing's learners that begins at from.
func previewPageOf(decisions []badges.Decision, standing badges.Standing, from int, locale templates.Locale) previewGroup {
	group := previewGroup{Standing: standing}
	for i := range decisions {
		if decisions[i].Standing != standing {
			continue
		}
		if group.Count >= from && len(group.Learners) < previewPage {
			group.Learners = append(group.Learners, previewed(&decisions[i], locale))
		}
		group.Count++
	}
	if end := from + len(group.Learners); end < group.Count {
		group.Next = end
	}
	return group
}

func previewed(d *badges.Decision, locale templates.Locale) previewLearner {
	p := previewLearner{Name: d.Member.Name, Percent: int(d.Explanation.Progress() * 100), Criteria: criteria(&d.Explanation, locale)}
	if d.Why != "" {
		p.Why = locale.T(d.Why, nil)
	}
	return p
}
