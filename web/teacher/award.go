package teacher

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// awardForm has what the teacher entered in the form for an award by hand. The dry run
// sends it back.
type awardForm struct {
	Query  string // words to search learners by
	From   int    // index of the first learner on the page
	Picked []badges.UserID
	List   string // learners, one a line; typed in or from a file
	Text   string // the evidence
	Links  string // links to evidence, one a line
}

// awardData is the page where a teacher awards a badge by hand.
type awardData struct {
	Badge   badges.Badge
	Path    string // path of the badge's page
	Form    awardForm
	Choices choices
	Problem string // why the last attempt was refused
}

// choices are the learners that the teacher can tick: first those that are ticked, then
// a page of those that match the search.
type choices struct {
	Picked   []choice
	People   []choice
	Found    int
	From, To int // positions of the page's learners, counted from 1; 0 if nobody was found
	Previous int // index where the previous page begins; -1 on the first page
	Next     int // index where the next page begins; 0 on the last page
}

type choice struct {
	User  badges.UserID
	Name  string
	Email string
	Why   string // catalogue key of the reason why the learner cannot be awarded the badge; empty if they can
}

const (
	choicePage = 40  // learners on a page
	maxPicked  = 500 // ticked learners in one form; for more, a list is needed
	awardBatch = 100 // awards in a transaction
)

func (h *Handler) awardPage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	return h.showAward(w, r, who, badge, awardForm{}, nil)
}

// awardByHand answers the form. A search, and the way back from the dry run, show the
// form again. A list is shown as a dry run first.
func (h *Handler) awardByHand(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	form, err := readAwardForm(r)
	if err != nil {
		return h.showAward(w, r, who, badge, form, err)
	}
	act := r.PostFormValue("do")
	if act != "award" && act != "check" && act != "carry_out" { // a search, another page, or the way back from the dry run
		return h.showAward(w, r, who, badge, form, nil)
	}
	lines, err := form.lines()
	if err == nil {
		err = badge.OpenByHand()
	}
	if err != nil {
		return h.showAward(w, r, who, badge, form, err)
	}
	if act == "check" || form.List != "" && act != "carry_out" {
		return h.showDryRun(w, r, who, badge, form, lines, nil)
	}
	return h.carryOut(w, r, who, badge, form, lines)
}

// readAwardForm returns what the teacher entered. It does so with an error too, so that
// the form can be shown again.
func readAwardForm(r *http.Request) (awardForm, error) {
	form := awardForm{
		Query: strings.TrimSpace(r.PostFormValue("q")), List: r.PostFormValue("list"),
		Text: r.PostFormValue("text"), Links: r.PostFormValue("links"),
	}
	form.From, _ = strconv.Atoi(r.PostFormValue("from")) // not a number: the first page
	for _, id := range r.PostForm["learner"] {
		if user := badges.UserID(id); id != "" && !slices.Contains(form.Picked, user) {
			form.Picked = append(form.Picked, user)
		}
	}
	if len(form.Picked) > maxPicked {
		form.Picked = form.Picked[:maxPicked]
		return form, fault.New(fault.Invalid, "byhand.too_many_picked").With("Most", maxPicked)
	}
	data, err := readListFile(r)
	if err != nil {
		return form, err
	}
	if len(data) == 0 {
		if strings.TrimSpace(form.List) == "" {
			form.List = ""
			return form, nil
		}
		data = []byte(form.List)
	}
	text, err := badges.DecodeHandList(data)
	if err != nil {
		return form, err
	}
	form.List = text
	return form, nil
}

// readListFile returns the content of the form's file; nil if there is none. It reads
// at most one byte more than a list may have, which shows that the list is too large.
func readListFile(r *http.Request) ([]byte, error) {
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "problem.form_unreadable")
	}
	data, err := io.ReadAll(io.LimitReader(file, badges.MaxHandList+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "problem.form_unreadable")
	}
	return data, nil
}

// lines returns one line for each learner that the form names, with the evidence: first
// the ticked learners, then the list.
func (f awardForm) lines() ([]badges.HandLine, error) {
	given := badges.GivenEvidence{Text: f.Text, Links: strings.Split(f.Links, "\n")}
	if err := given.Validate(); err != nil {
		return nil, err
	}
	var lines []badges.HandLine
	for _, user := range f.Picked {
		lines = append(lines, badges.HandLine{User: user})
	}
	if f.List != "" {
		listed, err := badges.ParseHandList(f.List)
		if err != nil {
			return nil, err
		}
		lines = append(lines, listed...)
	}
	if len(lines) == 0 {
		return nil, fault.New(fault.Invalid, "byhand.nobody_picked")
	}
	for i := range lines {
		lines[i].Given.Links = given.Links
		if strings.TrimSpace(lines[i].Given.Text) == "" {
			lines[i].Given.Text = given.Text
		}
	}
	return lines, nil
}

// handEligibility returns what decides who can be awarded the badge now.
func (h *Handler) handEligibility(ctx context.Context, badge badges.Badge) (badges.HandEligibility, error) {
	eligibility := badges.HandEligibility{Now: h.Now()}
	var err error
	if eligibility.Members, err = h.Store.Members(ctx, badge.Course); err != nil {
		return eligibility, err
	}
	register, err := h.Store.Register(ctx, badge.Course, badge.ID)
	if err != nil {
		return eligibility, err
	}
	eligibility.Cases = register.Cases(&badge)
	if !badge.Endorsed {
		return eligibility, nil
	}
	proposals, err := h.Store.Proposals(ctx, badge.Course, badge.ID)
	eligibility.Proposed = make(map[badges.UserID]bool, len(proposals))
	for _, p := range proposals {
		eligibility.Proposed[p.User] = true
	}
	return eligibility, err
}

// showAward shows the form with what the teacher entered. If refused is not nil, it
// shows why.
func (h *Handler) showAward(w http.ResponseWriter, r *http.Request, who page.Session, badge badges.Badge, form awardForm, refused error) error {
	locale := h.Locale(r, &who)
	status := http.StatusOK
	data := awardData{Badge: badge, Path: who.Path("/badges/" + string(badge.ID)), Form: form}
	if refused != nil {
		described := page.Describe(refused, locale)
		if described.Status == http.StatusInternalServerError {
			return refused
		}
		status, data.Problem = described.Status, described.Message
	}
	eligibility, err := h.handEligibility(r.Context(), badge)
	if err != nil {
		return err
	}
	data.Choices = choose(eligibility, form)
	return h.ShowStatus(w, r, status, locale, "teacher/award", who.Page(locale.T("byhand.title", nil), data))
}

// choose returns the learners that the teacher can tick. Teachers of the course are
// left out.
func choose(eligibility badges.HandEligibility, form awardForm) choices {
	picked := make(map[badges.UserID]bool, len(form.Picked))
	for _, user := range form.Picked {
		picked[user] = true
	}
	words := strings.Fields(fold(form.Query))
	var c choices
	var found []badges.Member
	for _, m := range eligibility.Members {
		switch {
		case m.Teaches:
		case picked[m.User]:
			c.Picked = append(c.Picked, choiceOf(eligibility, m))
		case matches(m, words):
			found = append(found, m)
		}
	}
	c.Found, c.Previous = len(found), -1
	from := min(max(form.From, 0), max(len(found)-1, 0)) / choicePage * choicePage
	to := min(from+choicePage, len(found))
	for _, m := range found[from:to] {
		c.People = append(c.People, choiceOf(eligibility, m))
	}
	if len(found) > 0 {
		c.From, c.To = from+1, to
	}
	if from > 0 {
		c.Previous = from - choicePage
	}
	if to < len(found) {
		c.Next = to
	}
	return c
}

func choiceOf(eligibility badges.HandEligibility, m badges.Member) choice {
	return choice{User: m.User, Name: m.Name, Email: m.Email, Why: eligibility.Why(m)}
}

func matches(m badges.Member, words []string) bool {
	if len(words) == 0 {
		return true
	}
	text := fold(m.Name + " " + m.Email + " " + string(m.User))
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

// fold returns s in a form for searching: lower case, without accents.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
