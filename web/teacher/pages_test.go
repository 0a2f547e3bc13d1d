package teacher

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
	"github.com/insigne-badges/insigne/web/webtest"
)

// sample makes the sample pages of the audience. It is inside the package because the
// data of pages has unexported types. If a handler no longer sets a field that a page
// needs, this test does not compile.
type sample struct{ webtest.Sample }

// handler returns a handler with what pages need besides the store.
func (s sample) handler() *Handler { return &Handler{Pictures: s.Library, Links: s.Links} }

func TestPages(t *testing.T) {
	webtest.CheckPages(t, "teacher", func(s webtest.Sample) map[string]templates.Page {
		pages := sample{s}.teacher()
		maps.Copy(pages, sample{s}.byHand())
		return pages
	})
}

func (s sample) preview() previewData {
	data := previewData{}
	never := badges.Holding{}
	lasting := badges.Holding{Assertion: "a2", State: badges.Claimed, AwardedAt: webtest.Day.AddDate(0, -11, -20), EvidenceUntil: webtest.Day.AddDate(0, -11, -20), ExpiresAt: webtest.Day.AddDate(0, 0, 10)}
	for _, outlooks := range [][]*badges.Outlook{
		{s.Outlook("Zoë D’Alembert", 18, true, never), s.Outlook("مريم الفاسي", 16, true, never)},
		{s.Outlook("Ángel Núñez-O’Brien", 15.5, true, never)},
		{s.Outlook("Chloé Martin", 4, false, never)},
		{s.Outlook("Jean Suspendu", 18, true, never), s.Outlook("Nora", 18, true, badges.Holding{Assertion: "a3", State: badges.Declined, AwardedAt: webtest.Day})},
		{s.Outlook("Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", 18, true, badges.Holding{Assertion: "a1", State: badges.Pending, AwardedAt: webtest.Day}), s.Outlook("Éloïse", 18, true, lasting)},
	} {
		group := previewGroup{Standing: outlooks[0].Standing, Count: len(outlooks)}
		for _, o := range outlooks {
			group.Learners = append(group.Learners, previewed(o, "/x/", webtest.Day, s.Locale))
		}
		data.Groups = append(data.Groups, group)
	}
	return data
}

func (s sample) outline() *badges.Outline {
	return &badges.Outline{
		Activities: []badges.Activity{
			{ID: "7", Name: "Quiz final", Graded: true, Completion: true},
			{ID: "8", Name: "Compte rendu de projet, avec les données brutes en annexe", Graded: true, Completion: true},
			{ID: "9", Name: "Lecture", Completion: true},
		},
		Groups: []badges.Group{{ID: "4", Name: "Groupe A"}},
		Badges: []badges.NamedBadge{{ID: "b", Name: "Premiers pas"}},
		Others: map[badges.ContextID]*badges.Outline{"3": {Title: "Statistiques, seconde partie"}},
	}
}

func (s sample) form() badgeFormData {
	content := s.Version(1, "Exploration de données").Content
	content.Rule.Of = append(content.Rule.Of, badges.Rule{Kind: badges.ActivityCompleted, Activity: "99", Name: "Devoir supprimé"})
	content.Rule.Of = append(content.Rule.Of, badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
		{Kind: badges.CourseGrade, Percent: 60, Until: webtest.Day}, {Kind: badges.GroupMember, Group: "4", Name: "Groupe A"}, {Kind: badges.BadgeHeld, Badge: "b", Name: "Premiers pas"},
	}})
	return badgeFormData{
		Badge: "x", Content: content, Details: detailsOf(content, s.Locale), Months: "12", Rule: ruleForm(content.Rule, conditionOptions(s.outline(), content.Rule, s.Locale)), Issuers: []badges.Issuer{s.Issuer()},
		Pictures: s.handler().pictureChoices(content.Picture, s.Locale), Action: "/x", Back: "/y",
	}
}

// rich returns the form of a badge that says everything, after a mistake in a row.
func (s sample) rich() badgeFormData {
	data := s.form()
	data.Content = s.RichVersion(1, "Exploration de données").Content
	content := data.Content
	content.Alignments = append(slices.Clone(content.Alignments), badges.Alignment{Name: "sans adresse"})
	refused := content.Validate()
	data.Details, data.Problem = detailsOf(content, s.Locale), page.Message(refused, s.Locale)
	data.Details.refused(refused, s.Locale)
	return data
}

func (s sample) teacher() map[string]templates.Page {
	row := func(i int, name string, state badges.BadgeState, counts badges.Counts) badgeRow {
		return badgeRow{
			Badge: badges.Badge{State: state, Current: s.Version(i, name)}, Counts: counts, Picture: s.Links.Picture(s.Hash(i)),
			Rule: s.Sentence(), Path: "/x",
		}
	}
	step := func(n int, r badgeRow) badgeRow {
		r.Step, r.Steps = n, 3
		return r
	}
	list := badgeListData{
		Course: s.Course(&badges.SyncRun{EndedAt: webtest.Day, Learners: 12, Awarded: 2, Unreadable: 1}), Ready: true,
		Offer: &takeOver{Source: "1", Title: "Données & société, 2025", Names: []string{"Exploration de données", "Engagement"}},
		Badges: []badgeRow{
			row(1, "Exploration de données", badges.On, badges.Counts{Pending: 3, Claimed: 12, Declined: 1}),
			row(4, "Premiers pas en programmation scientifique avec un nom plutôt long", badges.Draft, badges.Counts{}),
			row(6, "Engagement", badges.Off, badges.Counts{Claimed: 140}),
			step(1, row(2, "Sécurité au laboratoire, bronze", badges.On, badges.Counts{Pending: 3, Claimed: 12, Declined: 1, Replaced: 7})),
			step(2, row(2, "Sécurité au laboratoire, argent", badges.On, badges.Counts{Claimed: 7})),
			step(3, row(2, "Sécurité au laboratoire, or", badges.Draft, badges.Counts{})),
		},
	}
	failed := badgeListData{Course: s.Course(&badges.SyncRun{
		EndedAt: webtest.Day, Problem: moodle.FunctionMissing.Key(), Detail: "gradereport_user_get_grade_items",
	})}
	badge := badgeData{
		Badge: badges.Badge{State: badges.On, Current: s.Version(1, "Exploration de données")}, View: s.View(1, "Exploration de données"), Path: "/x", Gradebook: gradebook.Status{Offered: true},
		Release: releaseData{Jury: true, Undoable: 3, Withheld: []withheldRow{{"a1", "Zoë D’Alembert", webtest.Day}, {"a2", "مريم الفاسي", webtest.Day}, {"a3", "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", webtest.Day}}},
		Review: reviewData{Policy: badges.AskTeacher, LostEvidence: []lostEvidenceRow{
			{Name: "Zoë D’Alembert", State: badges.Claimed, LostAt: webtest.Day, Criteria: s.preview().Groups[1].Learners[0].Criteria, Path: "/x"},
			{Name: "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", State: badges.Pending, LostAt: webtest.Day, Criteria: s.preview().Groups[2].Learners[0].Criteria, Path: "/x"},
		}},
		Recipients: s.recipients(),
	}
	badge.Recipients.Rows[0].By, badge.Recipients.Rows[0].Given = "Tomás Ó Briain", s.Given()
	rich := badge
	rich.View = s.RichView(1, "Exploration de données")
	proposed := badge
	proposed.Badge.Endorsed, proposed.ByHand = true, s.proposals()
	proposed.Gradebook = gradebook.Status{Offered: true, Column: true, Placed: true}
	climbing := badge
	climbing.Badge.State, climbing.Recipients, climbing.Release, climbing.Review = badges.Draft, recipientsData{}, releaseData{}, reviewData{}
	climbing.Steps = stepsData{Leave: true, Next: "/x", Drafts: "Argent, Or", Steps: []view.StepLink{
		{Name: "Bronze", Path: "/x", State: badges.Draft, Here: true}, {Name: "Argent", Path: "/x", State: badges.Draft}, {Name: "Or", Path: "/x", State: badges.Draft},
	}}
	next := s.form()
	next.Badge, next.AfterID, next.After = "", "x", &view.StepLink{Name: "Sécurité au laboratoire, bronze"}
	draft := badge
	draft.Badge.State, draft.Recipients, draft.Problem = badges.Draft, recipientsData{}, s.GoneProblem()
	searched := s.recipients()
	searched.Asked, searched.Found, searched.More = true, 2, ""
	nobody := recipientsData{Asked: true, Total: 120}
	refused := s.form()
	refused.Problem, refused.Issued = page.Message((&badges.Content{}).Validate(), s.Locale), true
	return map[string]templates.Page{
		"teacher/badges":                     webtest.Reader.Page(s.Locale.T("teacher.badges_title", nil), list),
		"teacher/badges.failed":              webtest.Reader.Page(s.Locale.T("teacher.badges_title", nil), failed),
		"teacher/badge":                      webtest.Reader.Page("Exploration de données", badge),
		"teacher/badge.steps":                webtest.Reader.Page("Exploration de données", climbing),
		"teacher/form.step":                  webtest.Reader.Page(s.Locale.T("step.form_title", map[string]any{"Badge": next.After.Name}), next),
		"teacher/recipient.step":             webtest.Reader.Page("Zoë D’Alembert", s.replaced()),
		"teacher/fragment/recipients":        webtest.Reader.Page("Exploration de données", searched),
		"teacher/fragment/recipients.nobody": webtest.Reader.Page("Exploration de données", nobody),
		"teacher/fragment/recipients_page":   webtest.Reader.Page("Exploration de données", s.recipients()),
		"teacher/recipient":                  webtest.Reader.Page("Zoë D’Alembert", s.recipient()),
		"teacher/recipient.renewed":          webtest.Reader.Page("Zoë D’Alembert", s.renewed()),
		"teacher/recipient.revoked":          webtest.Reader.Page("مريم الفاسي", s.takenBack()),
		"teacher/badge.draft":                webtest.Reader.Page("Exploration de données", draft),
		"teacher/form":                       webtest.Reader.Page(s.Locale.T("teacher.form_new_title", nil), s.form()),
		"teacher/form.rich":                  webtest.Reader.Page("Exploration de données", s.rich()),
		"teacher/fragment/alignment":         webtest.Reader.Page("", s.rich().Details.Alignments[1]),
		"teacher/fragment/translation":       webtest.Reader.Page("", s.rich().Details.Translations[2]),
		"teacher/badge.rich":                 webtest.Reader.Page("Exploration de données", rich),
		"teacher/form.refused":               webtest.Reader.Page("Exploration de données", refused),
		"teacher/fragment/preview":           webtest.Reader.Page("", s.preview()),
		"teacher/badge.proposed":             webtest.Reader.Page("Exploration de données", proposed),
		"teacher/fragment/preview.changed": webtest.Reader.Page("", previewData{
			Groups: []previewGroup{{Standing: badges.NotYet, Count: 212, Learners: s.preview().Groups[1].Learners, Next: 25}}, Page: "/x", Form: true,
			Changes: &previewChanges{Gained: []string{"Zoë D’Alembert", "مريم الفاسي"}, GainedCount: 12, MoreGained: 10, Lost: []string{"Jean"}, LostCount: 1},
		}),
		"teacher/fragment/preview_page":   webtest.Reader.Page("", previewData{Groups: s.preview().Groups}),
		"teacher/fragment/preview.failed": webtest.Reader.Page("", previewData{Problem: page.Message(&moodle.Error{Reason: moodle.Timeout}, s.Locale)}),
		"teacher/fragment/condition":      webtest.Reader.Page("", s.form().Rule.Of[0]),
	}
}

func (s sample) proposals() byHandData {
	return byHandData{Awarded: 1, Proposed: 3, Own: true, Others: true, More: 12, Proposals: []proposalRow{
		{ID: "1", Name: "Zoë D’Alembert", By: "Nina Noneditor", ProposedAt: webtest.Day, Given: *s.Given()},
		{ID: "2", Name: "مريم الفاسي", By: "Nina Noneditor", ProposedAt: webtest.Day, Why: "cannot.suspended"},
		{ID: "3", Name: "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", Own: true, ProposedAt: webtest.Day},
	}}
}

// class returns a course with many learners of every kind.
func (s sample) class() badges.HandEligibility {
	cases := badges.Register{Holders: map[badges.BadgeID]map[badges.UserID]badges.Holding{"b": {"8": {State: badges.Pending}}}}.Cases(&badges.Badge{ID: "b"})
	eligibility := badges.HandEligibility{Cases: cases, Proposed: map[badges.UserID]bool{"9": true}, Members: []badges.Member{
		{User: "3", Name: "Tomás Ó Briain", Email: "tomas@lutece.example", Active: true, Teaches: true},
		{User: "6", Name: "Zoë D’Alembert", Email: "zoe.dalembert@etu.lutece.example", Active: true},
		{User: "7", Name: "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", Email: "wolfgang.hohenlohe-waldenburg@etu.lutece.example", Active: true},
		{User: "8", Name: "مريم الفاسي", Email: "maryam@etu.lutece.example", Active: true},
		{User: "9", Name: "Ángel Núñez-O’Brien", Email: "angel@etu.lutece.example", Active: true},
		{User: "10", Name: "Jean Suspendu", Email: "jean@etu.lutece.example"},
		{User: "11", Name: "Nora Sansadresse", Active: true},
	}}
	for i := range 200 {
		eligibility.Members = append(eligibility.Members, badges.Member{
			User: badges.UserID(fmt.Sprint(100 + i)), Name: fmt.Sprintf("Chloé Martin %d", i), Email: fmt.Sprintf("chloe.martin%d@etu.lutece.example", i), Active: true,
		})
	}
	return eligibility
}

func (s sample) byHand() map[string]templates.Page {
	badge := badges.Badge{State: badges.On, Current: s.Version(1, "Exploration de données")}
	form := awardForm{Query: "chloe", Picked: []badges.UserID{"6", "7"}, Text: s.Given().Text, Links: s.Given().Links[0]}
	award := func(form awardForm, problem string) awardData {
		return awardData{Badge: badge, Path: "/x", Form: form, Choices: choose(s.class(), form), Problem: problem}
	}
	refused := form
	refused.Query, refused.List = "nobody of this name", "zoe@lutece.example;\"Bravo"
	off := award(awardForm{}, "")
	off.Badge.State = badges.Off
	endorsed := award(awardForm{From: choicePage}, "")
	endorsed.Badge.Endorsed = true
	_, unclosed := badges.ParseHandList(refused.List)
	list := "courriel;preuve\nzoe.dalembert@etu.lutece.example;Soutenance\n100\n101\nzoe.dalembert@etu.lutece.example\nmaryam@etu.lutece.example\nangel@etu.lutece.example\n" +
		"jean@etu.lutece.example\n11\ntomas@lutece.example\npersonne@lutece.example\n=HYPERLINK(1)\n;sans nom\n100;a;b\nune-adresse-vraiment-tres-longue-de-quelqu-un-que-personne-ne-connait@departement.lutece.example\n"
	lines, err := awardForm{List: list}.lines()
	if err != nil {
		panic(err) // the sample is wrong
	}
	s.class().Match(lines)
	check := awardListData{Badge: badge, Path: "/x", Form: awardForm{List: list}}
	check.divide(lines)
	nobody, many, done, failed := check, check, check, check
	nobody.Ready, nobody.Count = nil, 0
	many.Badge.Endorsed, many.Count, many.More, many.Problems = true, 4990, 4940, nil
	done.Done, done.Awarded = true, 3
	failed.Problem = s.Locale.T("problem.internal", nil)
	shown := func(title string, data any) templates.Page { return webtest.Reader.Page(s.Locale.T(title, nil), data) }
	return map[string]templates.Page{
		"teacher/award":             shown("byhand.title", award(form, "")),
		"teacher/award.refused":     shown("byhand.title", award(refused, page.Message(unclosed, s.Locale))),
		"teacher/award.endorsed":    shown("byhand.title", endorsed),
		"teacher/award.off":         shown("byhand.title", off),
		"teacher/award_list":        shown("byhand.check_title", check),
		"teacher/award_list.nobody": shown("byhand.check_title", nobody),
		"teacher/award_list.many":   shown("byhand.check_title", many),
		"teacher/award_list.done":   shown("byhand.done_title", done),
		"teacher/award_list.failed": shown("byhand.check_title", failed),
	}
}

func (s sample) recipients() recipientsData {
	return recipientsData{
		Path: "/x", More: "/x?after=1", Total: 120, States: []stateCount{{badges.Pending, 20}, {badges.Claimed, 99}, {badges.Declined, 1}, {store.Expired, 40}},
		Rows: []recipientRow{
			{Name: "Zoë D’Alembert", Path: "/x", State: badges.Claimed, AwardedAt: webtest.Day, Notice: "notice.sent", PublicURL: "/v/x", Gradebook: s.Locale.T(lti.ClockSkew.Key(), nil)},
			{Validity: webtest.Valid, Name: "مريم الفاسي", Path: "/x", State: badges.Pending, AwardedAt: webtest.Day, Notice: "notice.failing"},
			{Validity: webtest.Expired, Name: "Chloé Martin", Path: "/x", State: badges.Claimed, AwardedAt: webtest.Day.AddDate(-1, 0, 0), Notice: "notice.sent", PublicURL: "/v/x"},
			{Name: "Ángel Núñez-O’Brien", Path: "/x", State: badges.Declined, AwardedAt: webtest.Day, Notice: "notice.sent"},
		},
	}
}

func (s sample) recipient() recipientData {
	return recipientData{
		TakeBack: "/x",
		Badge:    s.View(1, "Exploration de données"), Back: "/x", Name: "Zoë D’Alembert", State: badges.Claimed, AwardedAt: webtest.Day,
		Facts: credential.Reasons(s.Facts(), s.Locale), ShowFacts: true, PublicURL: "/v/x",
		History: []historyLine{
			{webtest.Day, s.Locale.T("history.awarded", nil), s.Locale.T("history.by_rule", nil)},
			{webtest.Day.AddDate(0, 0, 1), s.Locale.T("history.claimed", nil), "Zoë D’Alembert"},
		},
		Notices: []noticeLine{{badges.OfAward, badges.ByMail, "notice.sent", webtest.Day, ""}, {badges.OfAward, badges.ByMessage, "notice.unneeded", time.Time{}, ""}},
	}
}

// renewed is the page of a second award of the badge.
func (s sample) renewed() recipientData {
	data := s.recipient()
	data.Validity = webtest.Valid
	data.Chain = []view.AwardLink{
		{Validity: webtest.Valid, AwardedAt: webtest.Day, State: badges.Claimed, Shown: true, Path: "/x"},
		{Validity: webtest.Expired, AwardedAt: webtest.Day.AddDate(-1, 0, 0), State: badges.Claimed, Path: "/x"},
		{AwardedAt: webtest.Day.AddDate(-2, 0, 0), State: badges.Withdrawn, Path: "/x"},
	}
	data.Notices = append(data.Notices, noticeLine{badges.OfEnd, badges.ByMail, "notice.sent", webtest.Day, ""}, noticeLine{badges.OfEnd, badges.ByMessage, "notice.waiting", time.Time{}, ""})
	return data
}

// replaced is the page of an award that a higher step replaced.
func (s sample) replaced() recipientData {
	data := s.recipient()
	data.State, data.Replaced = badges.Replaced, &view.StepLink{Name: "Exploration de données, or", Path: "/x"}
	data.History = append(data.History, historyLine{webtest.Day.AddDate(0, 0, 9), s.Locale.T("history.replaced", nil), s.Locale.T("history.by_rule", nil)})
	return data
}

// takenBack is the page of an award that was taken back, to a learner who got no
// notice.
func (s sample) takenBack() recipientData {
	data := s.recipient()
	data.Name, data.State, data.ShowFacts, data.PublicURL = "مريم الفاسي", badges.Revoked, false, ""
	data.Reason, data.Gradebook = "Décerné par erreur.", s.Locale.T(lti.ClockSkew.Key(), nil)
	data.Facts, data.TakeBack = nil, ""
	data.Notices[0] = noticeLine{badges.OfAward, badges.ByMail, "notice.failing", time.Time{}, s.Locale.T("mail.recipient_refused", nil)}
	return data
}
