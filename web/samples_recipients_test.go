package web

import (
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

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
			{Name: "Zoë D’Alembert", Path: "/x", State: badges.Claimed, AwardedAt: sampleDay, Notice: "notice.sent", PublicURL: "/v/x", Gradebook: s.locale.T(lti.ClockSkew.Key(), nil)},
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
		Facts: credential.Reasons(s.facts(), s.locale), ShowFacts: true, PublicURL: "/v/x",
		History: []historyLine{
			{sampleDay, s.locale.T("history.awarded", nil), s.locale.T("history.by_rule", nil)},
			{sampleDay.AddDate(0, 0, 1), s.locale.T("history.claimed", nil), "Zoë D’Alembert"},
		},
		Notices: []noticeLine{{badges.OfAward, badges.ByMail, "notice.sent", sampleDay, ""}, {badges.OfAward, badges.ByMessage, "notice.unneeded", time.Time{}, ""}},
	}
}

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
	data.Reason, data.Gradebook = "Décerné par erreur.", s.locale.T(lti.ClockSkew.Key(), nil)
	data.Facts, data.TakeBack = nil, ""
	data.Notices[0] = noticeLine{badges.OfAward, badges.ByMail, "notice.failing", time.Time{}, s.locale.T("mail.recipient_refused", nil)}
	return data
}
