package web

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

var (
	sampleDay   = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	sampleWho   = Session{Handle: "sample", Title: "Introduction à la science des données", CSRF: "token"}
	sampleAdmin = adminSession{CSRF: "token"}
	sampleID    = "0195a1f0-0000-7000-8000-000000000001"
)

// sampleShelf makes the samples of one language.
type sampleShelf struct {
	locale   templates.Locale
	pictures []picture.Ready
	server   *Server
}

// samples returns pages by name; what follows a dot tells variants apart.
func samples(set *templates.Set, library *picture.Library, locale templates.Locale) map[string]templates.Page {
	s := sampleShelf{locale: locale, pictures: library.All(), server: &Server{Config: Config{Pictures: library, Templates: set, BaseURL: "https://badges.lutece.example"}}}
	pages := map[string]templates.Page{}
	for _, group := range []map[string]templates.Page{s.teacher(), s.byHand(), s.learner(), s.public(), s.admin(), s.lti()} {
		for name, page := range group {
			if page.Path == "" {
				page.Path = "/sample"
			}
			pages[name] = page
		}
	}
	return pages
}

func (s sampleShelf) hash(i int) badges.PictureHash {
	return badges.PictureHash(s.pictures[i].Picture.Hash)
}

func (s sampleShelf) issuer() badges.Issuer {
	return badges.Issuer{
		ID: "1", Name: "Université de Lutèce", URL: "https://www.lutece.example", Email: "badges@lutece.example",
		Description: "Service de la formation",
	}
}

func (s sampleShelf) rule() badges.Rule {
	return badges.Rule{Kind: badges.All, Of: []badges.Rule{
		{Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz final", Percent: 80},
		{Kind: badges.ActivityCompleted, Activity: "8", Name: "Compte rendu"},
	}}
}

func (s sampleShelf) version(i int, name string) badges.Version {
	return badges.Version{Content: badges.Content{
		Name: name, Language: "fr", Picture: s.hash(i), Issuer: "1", Rule: s.rule(),
		Description: "Sait lire, nettoyer et représenter un jeu de données, et en discuter les limites.",
		Criteria:    "Les graphiques sont légendés,\nles sources sont citées.",
	}}
}

func (s sampleShelf) view(i int, name string) badgeView {
	v := s.version(i, name)
	return badgeView{
		Name: v.Name, Description: v.Description, Criteria: v.Criteria, Rule: v.Rule.Describe(s.locale), Language: "fr", ValidMonths: 12,
		Picture: s.server.pictureURL(v.Picture), Issuer: s.issuer(),
	}
}

func (s sampleShelf) goneProblem() string {
	rule := s.rule()
	return message(rule.CheckAgainst(&badges.Outline{}), s.locale)
}

func (s sampleShelf) sentence() string {
	rule := s.rule()
	return rule.Describe(s.locale)
}

// learners are decided for, so that their explanations are the real ones.
func (s sampleShelf) decide(name string, grade float64, completed bool) *badges.Decision {
	e := badges.Evidence{
		{Kind: badges.ActivityGrade, ID: "7"}:     {Known: true, Grade: &badges.Grade{Raw: grade, Max: 20}},
		{Kind: badges.ActivityCompleted, ID: "8"}: {Known: true, Done: completed},
	}
	m := badges.Member{User: "1", Name: name, Email: "x@lutece.example", Active: name != "Jean Suspendu"}
	rule := s.rule()
	d := badges.Decide(&rule, m, e, time.Now())
	return &d
}

func (s sampleShelf) preview() previewData {
	data := previewData{}
	for _, decisions := range [][]*badges.Decision{
		{s.decide("Zoë D’Alembert", 18, true), s.decide("مريم الفاسي", 16, true)},
		{s.decide("Ángel Núñez-O’Brien", 15.5, true)},
		{s.decide("Chloé Martin", 4, false)},
		{s.decide("Jean Suspendu", 18, true)},
	} {
		group := previewGroup{Standing: decisions[0].Standing, Count: len(decisions)}
		for _, d := range decisions {
			group.Learners = append(group.Learners, previewed(d, s.locale))
		}
		data.Groups = append(data.Groups, group)
	}
	return data
}

// nestedRule has groups inside a group.
func (s sampleShelf) nestedRule() badges.Rule {
	return badges.Rule{Kind: badges.All, Of: []badges.Rule{
		{Kind: badges.ActivityCompleted, Activity: "8", Name: "Compte rendu"},
		{Kind: badges.Any, Of: []badges.Rule{
			{Kind: badges.ActivityGrade, Activity: "7", Name: "Quiz final", Percent: 80},
			{Kind: badges.All, Of: []badges.Rule{
				{Kind: badges.GroupMember, Group: "4", Name: "Groupe A"},
				{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
					{Kind: badges.ActivityPassed, Activity: "9", Name: "Atelier de visualisation, avec une présentation orale devant la promotion"},
					{Kind: badges.CourseGrade, Percent: 60, Until: sampleDay},
					{Kind: badges.BadgeHeld, Badge: "b", Name: "Premiers pas"},
				}},
			}},
		}},
		{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
			{Kind: badges.ActivityCompleted, Activity: "1", Name: "Forum"},
			{Kind: badges.ActivityCompleted, Activity: "2", Name: "Glossaire"},
			{Kind: badges.ActivityCompleted, Activity: "3", Name: "Wiki"},
		}},
	}}
}

func (s sampleShelf) nestedView(i int, name string) badgeView {
	view, rule := s.view(i, name), s.nestedRule()
	view.Rule = rule.Describe(s.locale)
	return view
}

// nested is where somebody stands with it.
func (s sampleShelf) nested() []criterion {
	rule := s.nestedRule()
	x := rule.Evaluate(badges.Evidence{
		{Kind: badges.ActivityCompleted, ID: "8"}: {Known: true},
		{Kind: badges.ActivityGrade, ID: "7"}:     {Known: true, Grade: &badges.Grade{Raw: 12, Max: 20}},
		{Kind: badges.GroupMember, ID: "4"}:       {Known: true, Done: true},
		{Kind: badges.ActivityCompleted, ID: "9"}: {Known: true, Done: true},
		{Kind: badges.CourseGrade}:                {Why: "unknown.grade_unsettled"},
		{Kind: badges.BadgeHeld, ID: "b"}:         {Known: true},
		{Kind: badges.ActivityCompleted, ID: "1"}: {Known: true, Done: true},
		{Kind: badges.ActivityCompleted, ID: "2"}: {Known: true},
		{Kind: badges.ActivityCompleted, ID: "3"}: {Known: true, Done: true},
	})
	return criteria(&x, s.locale)
}

// facts of every kind.
func (s sampleShelf) facts() []badges.Fact {
	const moodle = "moodle:"
	return []badges.Fact{
		{Kind: badges.ActivityGrade, Name: "Quiz final", Threshold: 80, Percent: 92.5, Grade: &badges.Grade{Raw: 18.5, Max: 20}, At: sampleDay, Source: moodle + "gradereport_user_get_grade_items"},
		{Kind: badges.ActivityCompleted, Name: "Compte rendu", At: sampleDay, Source: moodle + "core_completion_get_activities_completion_status"},
		{Kind: badges.GroupMember, Name: "Groupe A", Source: moodle + "core_enrol_get_enrolled_users"},
	}
}

func (s sampleShelf) recipients() recipientsData {
	return recipientsData{
		Path: "/x", More: "/x?after=1", Total: 120, States: []stateCount{{badges.Pending, 20}, {badges.Claimed, 99}, {badges.Declined, 1}, {store.Expired, 40}},
		Rows: []recipientRow{
			{Name: "Zoë D’Alembert", Path: "/x", State: badges.Claimed, AwardedAt: sampleDay, Notice: "notice.sent", PublicURL: "/v/x", Gradebook: s.locale.T("problem.lti."+string(lti.ClockSkew), nil)},
			{validity: sampleValid, Name: "مريم الفاسي", Path: "/x", State: badges.Pending, AwardedAt: sampleDay, Notice: "notice.failing"},
			{validity: sampleOver, Name: "Chloé Martin", Path: "/x", State: badges.Claimed, AwardedAt: sampleDay.AddDate(-1, 0, 0), Notice: "notice.sent", PublicURL: "/v/x"},
			{Name: "Ángel Núñez-O’Brien", Path: "/x", State: badges.Declined, AwardedAt: sampleDay, Notice: "notice.sent"},
		},
	}
}

func (s sampleShelf) recipient() recipientData {
	return recipientData{
		TakeBack: "/x",
		Badge:    s.view(1, "Exploration de données"), Back: "/x", Name: "Zoë D’Alembert", State: badges.Claimed, AwardedAt: sampleDay,
		Facts: why(s.facts(), s.locale), ShowFacts: true, PublicURL: "/v/x",
		History: []historyLine{
			{sampleDay, s.locale.T("history.awarded", nil), s.locale.T("history.by_rule", nil)},
			{sampleDay.AddDate(0, 0, 1), s.locale.T("history.claimed", nil), "Zoë D’Alembert"},
		},
		Notices: []noticeLine{{badges.OfAward, badges.ByMail, "notice.sent", sampleDay, ""}, {badges.OfAward, badges.ByMessage, "notice.unneeded", time.Time{}, ""}},
	}
}

var (
	sampleValid = validity{ExpiresAt: sampleDay.AddDate(1, 0, 0)}
	sampleOver  = validity{ExpiresAt: sampleDay, Expired: true}
)

// renewed was awarded the badge a second time.
func (s sampleShelf) renewed() recipientData {
	data := s.recipient()
	data.validity = sampleValid
	data.Chain = []chainLink{
		{validity: sampleValid, AwardedAt: sampleDay, State: badges.Claimed, Shown: true, Path: "/x"},
		{validity: sampleOver, AwardedAt: sampleDay.AddDate(-1, 0, 0), State: badges.Claimed, Path: "/x"},
		{AwardedAt: sampleDay.AddDate(-2, 0, 0), State: badges.Withdrawn, Path: "/x"},
	}
	data.Notices = append(data.Notices, noticeLine{badges.OfEnd, badges.ByMail, "notice.sent", sampleDay, ""}, noticeLine{badges.OfEnd, badges.ByMessage, "notice.waiting", time.Time{}, ""})
	return data
}

// replaced has a higher step by now.
func (s sampleShelf) replaced() recipientData {
	data := s.recipient()
	data.State, data.Replaced = badges.Replaced, &stepLink{Name: "Exploration de données, or", Path: "/x"}
	data.History = append(data.History, historyLine{sampleDay.AddDate(0, 0, 9), s.locale.T("history.replaced", nil), s.locale.T("history.by_rule", nil)})
	return data
}

// takenBack was awarded to somebody whom nothing reached.
func (s sampleShelf) takenBack() recipientData {
	data := s.recipient()
	data.Name, data.State, data.ShowFacts, data.PublicURL = "مريم الفاسي", badges.Revoked, false, ""
	data.Reason, data.Gradebook = "Décerné par erreur.", s.locale.T("problem.lti."+string(lti.ClockSkew), nil)
	data.Facts, data.TakeBack = nil, ""
	data.Notices[0] = noticeLine{badges.OfAward, badges.ByMail, "notice.failing", time.Time{}, s.locale.T("mail.recipient_refused", nil)}
	return data
}

func (s sampleShelf) outline() *badges.Outline {
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

func (s sampleShelf) form() badgeFormData {
	content := s.version(1, "Exploration de données").Content
	content.Rule.Of = append(content.Rule.Of, badges.Rule{Kind: badges.ActivityCompleted, Activity: "99", Name: "Devoir supprimé"})
	content.Rule.Of = append(content.Rule.Of, badges.Rule{Kind: badges.AtLeast, Count: 2, Of: []badges.Rule{
		{Kind: badges.CourseGrade, Percent: 60, Until: sampleDay}, {Kind: badges.GroupMember, Group: "4", Name: "Groupe A"}, {Kind: badges.BadgeHeld, Badge: "b", Name: "Premiers pas"},
	}})
	return badgeFormData{
		Badge: "x", Content: content, Rule: ruleForm(content.Rule, offers(s.outline(), content.Rule, s.locale)), Issuers: []badges.Issuer{s.issuer()},
		Pictures: s.server.pictureChoices(content.Picture, s.locale), Action: "/x", Back: "/y",
	}
}

func (s sampleShelf) course(run *badges.SyncRun) badges.Course {
	return badges.Course{CourseKey: badges.CourseKey{Context: "2"}, Title: sampleWho.Title, Label: "BADGE101", Sync: badges.SyncState{Last: run}}
}

func (s sampleShelf) teacher() map[string]templates.Page {
	row := func(i int, name string, state badges.BadgeState, counts badges.Counts) badgeRow {
		return badgeRow{
			Badge: badges.Badge{State: state, Current: s.version(i, name)}, Counts: counts, Picture: s.server.pictureURL(s.hash(i)),
			Rule: s.sentence(), Path: "/x",
		}
	}
	step := func(n int, r badgeRow) badgeRow {
		r.Step, r.Steps = n, 3
		return r
	}
	list := badgeListData{
		Course: s.course(&badges.SyncRun{EndedAt: sampleDay, Learners: 12, Awarded: 2, Unreadable: 1}), Ready: true,
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
	failed := badgeListData{Course: s.course(&badges.SyncRun{
		EndedAt: sampleDay, Problem: "problem.moodle." + string(moodle.FunctionMissing), Detail: "gradereport_user_get_grade_items",
	})}
	page := badgeData{
		Badge: badges.Badge{State: badges.On, Current: s.version(1, "Exploration de données")}, View: s.view(1, "Exploration de données"), Path: "/x", Gradebook: gradebook{Offered: true},
		Release: releaseData{Jury: true, Undoable: 3, Held: []heldRow{{"a1", "Zoë D’Alembert", sampleDay}, {"a2", "مريم الفاسي", sampleDay}, {"a3", "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", sampleDay}}},
		Review: reviewData{Policy: badges.AskTeacher, Fallen: []fallenRow{
			{Name: "Zoë D’Alembert", State: badges.Claimed, FellAt: sampleDay, Criteria: s.preview().Groups[1].Learners[0].Criteria, Path: "/x"},
			{Name: "Wolfgang Amadeus Theophilus von Hohenlohe-Waldenburg-Schillingsfürst", State: badges.Pending, FellAt: sampleDay, Criteria: s.preview().Groups[2].Learners[0].Criteria, Path: "/x"},
		}},
		Recipients: s.recipients(),
	}
	page.Recipients.Rows[0].By, page.Recipients.Rows[0].Given = "Tomás Ó Briain", s.given()
	proposed := page
	proposed.Badge.Endorsed, proposed.ByHand = true, s.proposals()
	proposed.Gradebook = gradebook{Offered: true, Column: true, Placed: true}
	climbing := page
	climbing.Badge.State, climbing.Recipients, climbing.Release, climbing.Review = badges.Draft, recipientsData{}, releaseData{}, reviewData{}
	climbing.Steps = stepsData{Leave: true, Next: "/x", Drafts: "Argent, Or", Steps: []stepLink{
		{Name: "Bronze", Path: "/x", State: badges.Draft, Here: true}, {Name: "Argent", Path: "/x", State: badges.Draft}, {Name: "Or", Path: "/x", State: badges.Draft},
	}}
	next := s.form()
	next.Badge, next.AfterID, next.After = "", "x", &stepLink{Name: "Sécurité au laboratoire, bronze"}
	draft := page
	draft.Badge.State, draft.Recipients, draft.Problem = badges.Draft, recipientsData{}, s.goneProblem()
	searched := s.recipients()
	searched.Asked, searched.Found, searched.More = true, 2, ""
	nobody := recipientsData{Asked: true, Total: 120}
	refused := s.form()
	refused.Problem, refused.Issued = message((&badges.Content{}).Validate(), s.locale), true
	return map[string]templates.Page{
		"teacher_place":             sampleWho.page(s.locale.T("place.title", nil), placementData{Course: sampleWho.Title, Badges: list.Badges, Column: true, Action: "/x"}),
		"teacher_placed":            sampleWho.page(s.locale.T("place.title", nil), placedData{ReturnURL: "https://moodle.lutece.example/mod/lti/contentitem_return.php", JWT: "e.y.J"}),
		"teacher_badges":            sampleWho.page(s.locale.T("teacher.badges_title", nil), list),
		"teacher_badges.failed":     sampleWho.page(s.locale.T("teacher.badges_title", nil), failed),
		"teacher_badge":             sampleWho.page("Exploration de données", page),
		"teacher_badge.steps":       sampleWho.page("Exploration de données", climbing),
		"teacher_form.step":         sampleWho.page(s.locale.T("step.form_title", map[string]any{"Badge": next.After.Name}), next),
		"teacher_recipient.step":    sampleWho.page("Zoë D’Alembert", s.replaced()),
		"teacher_recipients":        sampleWho.page("Exploration de données", searched),
		"teacher_recipients.nobody": sampleWho.page("Exploration de données", nobody),
		"teacher_recipients_page":   sampleWho.page("Exploration de données", s.recipients()),
		"teacher_recipient":         sampleWho.page("Zoë D’Alembert", s.recipient()),
		"teacher_recipient.renewed": sampleWho.page("Zoë D’Alembert", s.renewed()),
		"teacher_recipient.revoked": sampleWho.page("مريم الفاسي", s.takenBack()),
		"teacher_badge.draft":       sampleWho.page("Exploration de données", draft),
		"teacher_form":              sampleWho.page(s.locale.T("teacher.form_new_title", nil), s.form()),
		"teacher_form.refused":      sampleWho.page("Exploration de données", refused),
		"teacher_preview":           sampleWho.page("", s.preview()),
		"teacher_badge.proposed":    sampleWho.page("Exploration de données", proposed),
		"teacher_preview.changed": sampleWho.page("", previewData{
			Groups: []previewGroup{{Standing: badges.NotYet, Count: 212, Learners: s.preview().Groups[1].Learners, Next: 25}}, Page: "/x", Form: true,
			Changes: &previewChanges{Gained: []string{"Zoë D’Alembert", "مريم الفاسي"}, GainedCount: 12, MoreGained: 10, Lost: []string{"Jean"}, LostCount: 1},
		}),
		"teacher_preview_page":   sampleWho.page("", previewData{Groups: s.preview().Groups}),
		"teacher_preview.failed": sampleWho.page("", previewData{Problem: message(&moodle.Error{Reason: moodle.Timeout}, s.locale)}),
		"teacher_condition":      sampleWho.page("", s.form().Rule.Of[0]),
	}
}

func (s sampleShelf) learner() map[string]templates.Page {
	near, far := previewed(s.decide("", 12, true), s.locale), previewed(s.decide("", 2, false), s.locale)
	facts := why(s.facts(), s.locale)
	data := myBadgesData{
		Course: sampleWho.Title, ReadAt: sampleDay,
		Earned: []earnedBadge{
			{Badge: s.view(1, "Exploration de données"), State: badges.Pending, AwardedAt: sampleDay, Facts: facts, ClaimURL: "/claim/x"},
			{Badge: s.view(6, "Engagement"), State: badges.Claimed, AwardedAt: sampleDay, ClaimURL: "/claim/x", PublicURL: "/v/x"},
			{
				validity: sampleValid, Badge: s.view(5, "Premiers secours"), State: badges.Claimed, AwardedAt: sampleDay, ClaimURL: "/claim/x", PublicURL: "/v/x",
				Earlier: []earnedBadge{{validity: sampleOver, State: badges.Claimed, AwardedAt: sampleDay.AddDate(-1, 0, 0), ClaimURL: "/claim/y", PublicURL: "/v/y"}},
			},
			{validity: sampleOver, Badge: s.view(2, "Sécurité au laboratoire"), State: badges.Claimed, AwardedAt: sampleDay.AddDate(-1, 0, 0), ClaimURL: "/claim/x", PublicURL: "/v/x"},
			{
				Badge: s.view(6, "Lecture de graphiques, argent"), State: badges.Claimed, AwardedAt: sampleDay, ClaimURL: "/claim/x", PublicURL: "/v/x",
				Next:  &progressBadge{Badge: s.view(6, "Lecture de graphiques, or"), Percent: near.Percent, Criteria: near.Criteria, Then: []string{"Lecture de graphiques, platine", "Lecture de graphiques, diamant"}},
				Steps: []earnedBadge{{Badge: s.view(6, "Lecture de graphiques, bronze"), State: badges.Replaced, AwardedAt: sampleDay.AddDate(0, -1, 0), ClaimURL: "/claim/y", PublicURL: "/v/y"}},
			},
			{Badge: s.view(3, "Éco-geste"), State: badges.Declined, AwardedAt: sampleDay, ClaimURL: "/claim/x"},
		},
		Progress: []progressBadge{
			{Badge: s.view(4, "Programmation"), Percent: near.Percent, Criteria: near.Criteria},
			{Badge: s.view(2, "Sécurité au laboratoire"), Percent: near.Percent, Criteria: near.Criteria, Since: sampleDay.AddDate(-1, 0, 0)},
			{Badge: s.nestedView(7, "Fusée"), Percent: far.Percent, Criteria: s.nested()},
		},
	}
	data.Own = true
	other := data
	other.subject = subject{Name: "Zoë D’Alembert", Only: badges.BadgeID(sampleID)}
	return map[string]templates.Page{
		"learner_badges":        sampleWho.page(s.locale.T("learner.title", nil), data),
		"learner_badges.other":  sampleWho.page("Zoë D’Alembert", other),
		"mentor_learners":       sampleWho.page(s.locale.T("mentor.title", nil), watchedData{Course: sampleWho.Title, Learners: []watchedLearner{{"Zoë D’Alembert", "/x"}, {"مريم الفاسي", "/x"}}}),
		"mentor_learners_page":  sampleWho.page(s.locale.T("mentor.title", nil), watchedData{Learners: []watchedLearner{{"Jean", "/x"}}, More: "/x"}),
		"mentor_learners.empty": sampleWho.page(s.locale.T("mentor.title", nil), watchedData{Course: sampleWho.Title}),
		"learner_badges.empty":  sampleWho.page(s.locale.T("learner.title", nil), myBadgesData{Course: sampleWho.Title, Checking: true}),
		"learner_list":          sampleWho.page(s.locale.T("learner.title", nil), data),
	}
}

func (s sampleShelf) public() map[string]templates.Page {
	view := s.view(1, "Exploration de données")
	claim := func(state badges.AssertionState) templates.Page {
		return templates.Page{Title: s.locale.T("claim.title", map[string]any{"Badge": view.Name}), Data: claimData{
			Badge: view, Name: "Zoë D’Alembert", Email: "zoe.dalembert@etu.lutece.example", AwardedAt: sampleDay, State: state,
			PublicURL: "/v/x", Action: "/claim/x", Given: *s.given(), Facts: why(s.facts(), s.locale), ShowFacts: state == badges.Claimed,
		}}
	}
	a := badges.Assertion{ID: badges.AssertionID(sampleID), AwardedAt: sampleDay}
	url := "https://badges.lutece.example/v/" + sampleID
	public := publicData{Badge: view, Name: "Zoë D’Alembert", AwardedAt: sampleDay, URL: url, LinkedIn: linkedIn(view, a, url)}
	shown := public
	shown.Facts = why(s.facts(), s.locale)
	revoked := public
	public.Given = *s.given()
	revoked.Revoked, revoked.Reason, revoked.Name = true, "Décerné par erreur.", ""
	lasting, over := shown, public
	lasting.validity, lasting.Earlier = sampleValid, &chainLink{validity: sampleOver, AwardedAt: sampleDay.AddDate(-1, 0, 0), Path: "/v/y"}
	over.validity, over.Newer = sampleOver, &chainLink{validity: sampleValid, AwardedAt: sampleDay, Path: "/v/y"}
	ending := claim(badges.Claimed)
	data := ending.Data.(claimData)
	data.validity, data.Again = validity{ExpiresAt: sampleDay.AddDate(0, 0, 20)}, true
	ending.Data = data
	replaced := public
	replaced.Replaced = &stepLink{Name: "Exploration de données, or", Path: "/v/y"}
	outdone, rising := claim(badges.Replaced), claim(badges.Pending)
	data = outdone.Data.(claimData)
	data.Replaced = &stepLink{Name: "Exploration de données, or"}
	outdone.Data = data
	data = rising.Data.(claimData)
	data.Replaces = "Exploration de données, bronze"
	rising.Data = data
	problem := describe(errNoPage, s.locale)
	problem.Request = "5f1c2a9b"
	pending := describe(&lti.Error{Reason: lti.DeploymentPending}, s.locale)
	pending.Advice, pending.Request, pending.Back = s.locale.T("problem.launch_advice", nil), "5f1c2a9b", "https://lms.example/return?lti_errormsg=x"
	return map[string]templates.Page{
		"claim":                 claim(badges.Pending),
		"claim.claimed":         claim(badges.Claimed),
		"claim.declined":        claim(badges.Declined),
		"claim.withdrawn":       claim(badges.Withdrawn),
		"public_badge":          {Title: view.Name, Data: public},
		"public_badge.facts":    {Title: view.Name, Data: shown},
		"claim.ending":          ending,
		"public_badge.lasting":  {Title: view.Name, Data: lasting},
		"public_badge.expired":  {Title: view.Name, Data: over},
		"public_badge.revoked":  {Title: view.Name, Data: revoked},
		"public_badge.replaced": {Title: view.Name, Data: replaced},
		"claim.replaced":        outdone,
		"claim.step":            rising,
		"public_home":           {Title: s.locale.T("public.home_title", nil)},
		"problem":               {Title: s.locale.T("problem.not_found_title", nil), Data: problem},
		"problem_frame":         {Title: s.locale.T("problem.not_found_title", nil), Data: problem},
		"problem_frame.back":    {Title: s.locale.T("problem.invalid_title", nil), Data: pending},
	}
}

func (s sampleShelf) admin() map[string]templates.Page {
	platform := badges.Platform{ID: "1", Name: "Moodle de Lutèce", URL: "https://moodle.lutece.example", Service: badges.Service{URL: "https://moodle.lutece.example", Token: "secret"}}
	failing := store.FailingNotice{BadgeName: "Exploration de données"}
	failing.Assertion, failing.Channel, failing.Problem = badges.AssertionID(sampleID), badges.ByMail, "mail.recipient_refused"
	home := adminHomeData{
		Platforms: []platformRow{{Platform: platform, Courses: 3, Problems: 1}, {Platform: badges.Platform{Name: "Autre", URL: "https://autre.example"}}},
		Failing:   []store.FailingNotice{failing}, Waiting: 2, MailReady: true, Open: []openInvitation{{"00ff", sampleDay}}, Invitation: "https://badges.lutece.example/lti/register?invite=0123456789abcdef",
	}
	check := checkView{Site: "Moodle de Lutèce", Release: "4.5.2", Course: "Exploration de données", Lines: []checkLine{
		viewFinding(finding{Problem: "function_missing", Function: "gradereport_user_get_grade_items", Blocking: true}, "admin.check_cost_all", s.locale),
		viewFinding(finding{Problem: "groups_empty", Function: "core_enrol_get_enrolled_users", Missing: []string{"moodle/site:accessallgroups"}}, "", s.locale),
		viewFinding(finding{Problem: "report_unfiltered", Report: "Achèvement"}, costOfReports, s.locale),
		{OK: true, Text: s.locale.T("admin.check_ok", nil)},
	}}
	data := platformData{
		Platform: platform, ClientID: "7Hn2kd82", Check: &check, Issuers: []issuerForm{{Issuer: s.issuer(), Action: "/x", CSRF: "token"}},
		NewIssuer: issuerForm{Action: "/x", CSRF: "token", Problem: message((&badges.Issuer{}).Validate(), s.locale)},
		Courses: []badges.Course{
			s.course(&badges.SyncRun{EndedAt: sampleDay, Learners: 12, Awarded: 2}), s.course(nil),
			s.course(&badges.SyncRun{EndedAt: sampleDay, Problem: "problem.moodle." + string(moodle.Maintenance)}),
		},
	}
	data.Connection = check.Lines
	data.Places = []store.Deployment{{ID: "2", SeenAt: sampleDay}, {ID: "1", Approved: true, SeenAt: sampleDay}, {ID: "3", Refused: true, SeenAt: sampleDay}}
	fresh := platformData{Platform: platform, ClientID: "7Hn2kd82", Arrival: arrivalData{Path: "/x"}}
	tool := toolData{
		Values: s.server.toolValues(), Form: platformForm{Name: "Canvas de Lutèce"}, Problem: s.locale.T("tool.problem.issuer", nil),
		Keys: []keyRow{{"qYc6wKkYq1qN2m7bXH4mGkq7gqJb8wS9", sampleDay, "next"}, {"b", sampleDay, "current"}, {"c", sampleDay, "previous"}},
	}
	mail := mailData{Server: "mail.lutece.example:587", Name: "Université de Lutèce", Address: "noreply@lutece.example", Sent: true}
	broken := mailData{Address: "noreply@lutece.example", Problem: s.locale.T("mail.server_unreachable", nil)}
	return map[string]templates.Page{
		"admin_home":            sampleAdmin.page(s.locale.T("admin.home_title", nil), home),
		"admin_home.empty":      sampleAdmin.page(s.locale.T("admin.home_title", nil), adminHomeData{}),
		"admin_platform.fresh":  sampleAdmin.page(platform.Name, fresh),
		"admin_platform":        sampleAdmin.page(platform.Name, data),
		"admin_arrival":         sampleAdmin.page(platform.Name, arrivalData{Path: "/x"}),
		"admin_arrival.arrived": sampleAdmin.page(platform.Name, arrivalData{Arrived: true}),
		"admin_tool":            sampleAdmin.page(s.locale.T("tool.title", nil), tool),
		"admin_diagnosis": sampleAdmin.page(s.locale.T("diagnosis.title", nil), diagnosisData{Launches: []launchRow{
			{LaunchNote: store.LaunchNote{At: sampleDay, Platform: "1", Message: lti.ResourceLinkRequest, Skew: 41 * time.Second}, Platform: platform.Name, SkewSeconds: 41, Skewed: true, Services: []string{"diagnosis.roster", "diagnosis.columns", "diagnosis.scores"}},
			{LaunchNote: store.LaunchNote{At: sampleDay, Reason: lti.TokenExpired, Detail: "issued -2m0s from now, expires -1m0s from now"}, Fix: fixOf(lti.TokenExpired)},
		}, Logins: []refusedLogin{
			{At: sampleDay, Times: 12, Issuer: "https://moodle.lutece.example", ClientID: "hWkjPZsH4Yl9vNa", Reason: lti.RegistrationUnknown, Fix: fixRegister},
		}}),
		"admin_diagnosis.empty": sampleAdmin.page(s.locale.T("diagnosis.title", nil), diagnosisData{}),
		"admin_mail":            sampleAdmin.page(s.locale.T("admin.mail_title", nil), mail),
		"admin_mail.broken":     sampleAdmin.page(s.locale.T("admin.mail_title", nil), broken),
		"admin_sign_in":         {Title: s.locale.T("admin.sign_in_title", nil)},
	}
}

func (s sampleShelf) lti() map[string]templates.Page {
	fields := []field{{"iss", "https://moodle.lutece.example"}}
	return map[string]templates.Page{
		"lti_cookies":        {Title: s.locale.T("cookies.title", nil), Data: cookiesData{Fields: fields}},
		"lti_store":          {Title: s.locale.T("cookies.title", nil), Data: storageData{Name: "n", Secret: "s", Next: "https://moodle.lutece.example/auth", Fields: fields}},
		"lti_prove":          {Title: s.locale.T("cookies.title", nil), Data: storageData{Name: "n", Fields: fields}},
		"frame_tab":          sampleWho.page("", tabData{Headers: "{}", Page: "/x"}),
		"lti_register":       {Title: s.locale.T("register.title", nil), Data: registerData{Host: "moodle.lutece.example", Invite: "i", Configuration: "c", Token: "t"}},
		"lti_register.again": {Title: s.locale.T("register.title", nil), Data: registerData{Host: "moodle.lutece.example", Again: true}},
		"lti_register.done":  {Title: s.locale.T("register.title", nil), Data: registerData{Done: true}},
	}
}
