package store_test

import (
	"context"
	"fmt"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

func badgeActs() []act {
	edit := func(ctx context.Context, tx *store.Tx, w auditWorld) error {
		content := w.badge.Current.Content
		content.Name = "Renamed"
		_, err := tx.EditBadge(ctx, w.course, badges.BadgeID(w.ids["new"]), content, "4")
		return err
	}
	switchTo := func(state badges.BadgeState) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			return tx.SwitchBadge(ctx, w.course, w.badge.ID, state, "4")
		}
	}
	return []act{
		{name: "a badge is made", do: newDraft, again: true, want: []entry{
			{course, "3", badges.BadgeCreated, "{new}", "", "draft", ""},
		}},
		{
			name: "a badge is taken over", again: true,
			do: func(ctx context.Context, tx *store.Tx, w auditWorld) error {
				b, err := tx.CopyBadge(ctx, w.course, "original", w.badge.Current.Content, "3")
				w.ids["new"] = string(b.ID)
				return err
			},
			want: []entry{{course, "3", badges.BadgeCreated, "{new}", "", "draft", "copy of original"}},
		},
		{name: "a draft is edited", first: newDraft, do: edit, want: []entry{
			{course, "4", badges.BadgeEdited, "{new}", "1", "1", ""},
		}},
		{
			name: "a badge is edited", again: true,
			do: func(ctx context.Context, tx *store.Tx, w auditWorld) error {
				w.ids["new"] = w.ids["badge"]
				return edit(ctx, tx, w)
			},
			want: []entry{{course, "4", badges.BadgeEdited, "{badge}", "1", "2", ""}},
		},
		{name: "a badge is switched off", do: switchTo(badges.Off), want: []entry{
			{course, "4", badges.BadgeSwitchedOff, "{badge}", "on", "off", ""},
		}},
		{name: "a badge is switched on again, as a teacher does", first: switchTo(badges.Off), do: switchOnFor(badges.RetroactiveNone), want: []entry{
			{course, "4", badges.BadgeSwitchedOn, "{badge}", "off", "on", ""},
			{course, "4", badges.RetroactiveChosen, "{badge}", "notify", "none", ""},
		}},
		{name: "the same choice about those who met the rule before", first: switchTo(badges.Off), do: switchOnFor(badges.RetroactiveNotify), want: []entry{
			{course, "4", badges.BadgeSwitchedOn, "{badge}", "off", "on", ""},
			{course, "4", badges.RetroactiveChosen, "{badge}", "notify", "notify", ""},
		}},
		{
			name: "a draft is switched on, as a teacher does", first: newDraft,
			do: func(ctx context.Context, tx *store.Tx, w auditWorld) error {
				w.badge.ID = badges.BadgeID(w.ids["new"])
				return switchOnFor(badges.RetroactiveNotify)(ctx, tx, w)
			},
			want: []entry{
				{course, "4", badges.BadgeSwitchedOn, "{new}", "draft", "on", ""},
				{course, "4", badges.RetroactiveChosen, "{new}", "", "notify", ""},
			},
		},
		{name: "another choice about those who met the rule before, of a badge that is on", do: switchOnFor(badges.RetroactiveSilent), want: []entry{
			{course, "4", badges.RetroactiveChosen, "{badge}", "notify", "silent", ""},
		}},
	}
}

// newDraft makes the badge {new}.
func newDraft(ctx context.Context, tx *store.Tx, w auditWorld) error {
	b, err := tx.CreateBadge(ctx, w.course, w.badge.Current.Content, "3")
	w.ids["new"] = string(b.ID)
	return err
}

func switchOnFor(choice badges.Retroactive) change {
	return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
		if err := tx.SetRetroactive(ctx, w.course, w.badge.ID, choice, "4"); err != nil {
			return err
		}
		return tx.SwitchBadge(ctx, w.course, w.badge.ID, badges.On, "4")
	}
}

func settingActs() []act {
	endorse := func(on bool) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			return tx.SetEndorsed(ctx, w.course, w.badge.ID, on, "4")
		}
	}
	jury := func(on bool) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			return tx.SetJury(ctx, w.course, w.badge.ID, on, "4")
		}
	}
	return []act{
		{
			name: "another policy",
			do: func(ctx context.Context, tx *store.Tx, w auditWorld) error {
				return tx.SetPolicy(ctx, w.course, w.badge.ID, badges.TakeBack, "4")
			},
			want: []entry{{course, "4", badges.PolicyChanged, "{badge}", "ask", "take_back", ""}},
		},
		{
			name: "two learners are passed over",
			do: func(ctx context.Context, tx *store.Tx, w auditWorld) error {
				return tx.PassOver(ctx, w.badge, []badges.UserID{"6", "7"})
			},
			want: []entry{{course, badges.ByRule, badges.PassedOver, "{badge}", "", "2", ""}},
		},
		{name: "a jury decides", do: jury(true), want: []entry{{course, "4", badges.JuryChanged, "{badge}", "off", "on", ""}}},
		{name: "a jury decides no more", first: jury(true), do: jury(false), want: []entry{
			{course, "4", badges.JuryChanged, "{badge}", "on", "off", ""},
		}},
		{name: "a second teacher confirms", do: endorse(true), want: []entry{{course, "4", badges.EndorsementAsked, "{badge}", "off", "on", ""}}},
		{name: "a second teacher confirms no more", first: endorse(true), do: endorse(false), want: []entry{
			{course, "4", badges.EndorsementDropped, "{badge}", "on", "off", ""},
		}},
	}
}

func stepActs() []act {
	step := func(badge, after string) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			return tx.SetStep(ctx, w.course, badges.BadgeID(w.ids[badge]), badges.BadgeID(w.ids[after]), "4")
		}
	}
	leave := func(ctx context.Context, tx *store.Tx, w auditWorld) error {
		return tx.LeaveSteps(ctx, w.course, badges.BadgeID(w.ids["new"]), "4")
	}
	newTop := func(ctx context.Context, tx *store.Tx, w auditWorld) error {
		b, err := tx.CreateBadge(ctx, w.course, w.badge.Current.Content, "3")
		w.ids["top"] = string(b.ID)
		return err
	}
	return []act{
		{name: "a step is made", first: newDraft, do: step("new", "badge"), want: []entry{
			{course, "4", badges.StepMade, "{new}", "", "{badge}", ""},
		}},
		{name: "a step is left", first: inOrder(newDraft, step("new", "badge")), do: leave, want: []entry{
			{course, "4", badges.StepLeft, "{new}", "{badge}", "", ""},
		}},
		{name: "a step in the middle is left", first: inOrder(newDraft, newTop, step("new", "badge"), step("top", "new")), do: leave, want: []entry{
			{course, "4", badges.StepLeft, "{new}", "{badge}", "", ""},
			{course, "4", badges.StepMade, "{top}", "{new}", "{badge}", ""},
		}},
		{name: "the lowest step is left", first: inOrder(newDraft, newTop, step("top", "new")), do: leave, want: []entry{
			{course, "4", badges.StepLeft, "{new}", "", "", ""},
			{course, "4", badges.StepLeft, "{top}", "{new}", "", ""},
		}},
		{name: "a badge of no ladder leaves none", first: newDraft, do: leave, want: []entry{}},
	}
}

func inOrder(list ...change) change {
	return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
		for _, f := range list {
			if err := f(ctx, tx, w); err != nil {
				return err
			}
		}
		return nil
	}
}

func noticeActs() []act {
	notice := func(w auditWorld) badges.SendNotice {
		return badges.SendNotice{Assertion: badges.AssertionID(w.ids["assertion"]), Channel: badges.ByMail, About: badges.OfAward}
	}
	failing := func(ctx context.Context, tx *store.Tx, w auditWorld) error {
		a := w.assertion("6")
		w.ids["assertion"] = string(a.ID)
		if _, err := awards.Award(ctx, tx, []badges.Assertion{a}); err != nil {
			return err
		}
		return tx.NoticeFailed(ctx, notice(w), "problem.mail_unreachable")
	}
	retry := func(ctx context.Context, tx *store.Tx, w auditWorld) error { return tx.RetryNotice(ctx, notice(w)) }
	sent := func(ctx context.Context, tx *store.Tx, w auditWorld) error { return tx.NoticeSent(ctx, notice(w)) }
	return []act{
		{name: "a notice is sent again", first: failing, do: retry, want: []entry{
			{course, badges.ByAdmin, badges.NoticeResent, "{assertion}", "", "award by mail", "problem.mail_unreachable"},
		}},
		{name: "a notice was sent meanwhile", first: inOrder(failing, sent), do: retry, want: []entry{}},
	}
}

func linkActs() []act {
	hash := func(w auditWorld) []byte { return []byte(auditedHash + string(w.course.Platform)) }
	link := func(purpose store.Purpose, lifetime time.Duration, by string) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			return tx.NewLink(ctx, purpose, hash(w), tx.Now().Add(lifetime), by)
		}
	}
	use := func(purpose store.Purpose) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error { return tx.UseLink(ctx, purpose, hash(w)) }
	}
	revoke := func(ctx context.Context, tx *store.Tx, w auditWorld) error { return tx.RevokeInvitation(ctx, hash(w)) }
	begin := fmt.Sprintf("%x", auditedHash)[:8]
	invitation := link(store.Invitation, time.Hour, badges.ByAdmin)
	return []act{
		{name: "an administrator invites", do: invitation, again: true, want: []entry{
			{installation, badges.ByAdmin, badges.InvitationCreated, begin, "", "", ""},
		}},
		{name: "the operator invites", do: link(store.Invitation, time.Hour, badges.ByOperator), again: true, want: []entry{
			{installation, badges.ByOperator, badges.InvitationCreated, begin, "", "", ""},
		}},
		{name: "an invitation is revoked", first: invitation, do: revoke, want: []entry{
			{installation, badges.ByAdmin, badges.InvitationRevoked, begin, "", "", ""},
		}},
		{name: "an invitation is used", first: invitation, do: use(store.Invitation), want: []entry{
			{installation, badges.ByPlatform, badges.InvitationUsed, begin, "", "", ""},
		}},
		{name: "a used invitation is revoked", first: inOrder(invitation, use(store.Invitation)), do: revoke, want: []entry{}},
		{name: "an expired invitation is revoked", first: link(store.Invitation, -time.Hour, badges.ByAdmin), do: revoke, want: []entry{}},
		{name: "a sign-in link is made", do: link(store.AdminLink, time.Hour, badges.ByOperator), again: true, want: []entry{
			{installation, badges.ByOperator, badges.AdminLinkMade, begin, "", "", ""},
		}},
		{name: "an administrator signs in", first: link(store.AdminLink, time.Hour, badges.ByOperator), do: use(store.AdminLink), want: []entry{
			{installation, badges.ByAdmin, badges.AdminSignedIn, begin, "", "", ""},
		}},
	}
}

func platformActs() []act {
	registration := func(w auditWorld) lti.Registration {
		return lti.Registration{
			Issuer: "https://lms.example.org", ClientID: "new of " + w.ids["platform"], Name: "LMS", Product: "moodle",
			AuthURL: "https://lms.example.org/auth", TokenURL: "https://lms.example.org/token", KeysURL: "https://lms.example.org/keys",
		}
	}
	save := func(edit func(*lti.Registration), deployment lti.DeploymentID, by string) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			reg := registration(w)
			edit(&reg)
			id, err := tx.SavePlatform(ctx, reg, deployment, by)
			w.ids["new"] = string(id)
			return err
		}
	}
	asIs := func(*lti.Registration) {}
	moved := func(reg *lti.Registration) {
		reg.AuthURL, reg.KeysURL, reg.Name = "https://lms.example.org/login", "", "Renamed"
	}
	name := func(ctx context.Context, tx *store.Tx, w auditWorld) error {
		return tx.NamePlatform(ctx, w.course.Platform, "Our LMS")
	}
	decide := func(platform string, approve bool) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			return tx.DecideDeployment(ctx, badges.PlatformID(w.ids[platform]), "1", approve)
		}
	}
	const added = `{"auth_url":"https://lms.example.org/auth","client_id":"new of {platform}","issuer":"https://lms.example.org",` +
		`"keys_url":"https://lms.example.org/keys","name":"LMS","product":"moodle","token_url":"https://lms.example.org/token"}`
	return []act{
		{name: "a platform registers", do: save(asIs, "1", badges.ByPlatform), want: []entry{
			{"{new}/", badges.ByPlatform, badges.PlatformAdded, "{new}", "", added, ""},
			{"{new}/", badges.ByPlatform, badges.DeploymentDecided, "1", "pending", "approved", "registration"},
		}},
		{name: "an administrator types a platform in", do: save(asIs, "", badges.ByAdmin), want: []entry{
			{"{new}/", badges.ByAdmin, badges.PlatformAdded, "{new}", "", added, ""},
		}},
		{name: "a platform registers again", first: save(asIs, "1", badges.ByPlatform), do: save(moved, "1", badges.ByPlatform), want: []entry{
			{
				"{new}/", badges.ByPlatform, badges.PlatformChanged, "{new}",
				`{"auth_url":"https://lms.example.org/auth","keys_url":"https://lms.example.org/keys"}`, `{"auth_url":"https://lms.example.org/login"}`, "",
			},
		}},
		{name: "a platform registers again as it is", first: save(asIs, "1", badges.ByPlatform), do: save(asIs, "1", badges.ByPlatform), want: []entry{}},
		{name: "a platform registers a place that was refused", first: inOrder(save(asIs, "1", badges.ByPlatform), decide("new", false)), do: save(asIs, "1", badges.ByPlatform), want: []entry{
			{"{new}/", badges.ByPlatform, badges.DeploymentDecided, "1", "refused", "approved", "registration"},
		}},
		{name: "a launch names a platform", do: name, want: []entry{
			{platform, badges.ByPlatform, badges.PlatformChanged, "{platform}", `{"name":"a launch names a platform"}`, `{"name":"Our LMS"}`, ""},
		}},
		{name: "a deployment is refused", do: decide("platform", false), want: []entry{
			{platform, badges.ByAdmin, badges.DeploymentDecided, "1", "approved", "refused", ""},
		}},
		{name: "a deployment is approved", first: decide("platform", false), do: decide("platform", true), want: []entry{
			{platform, badges.ByAdmin, badges.DeploymentDecided, "1", "refused", "approved", ""},
		}},
	}
}

func serviceActs() []act {
	service := func(address string, token badges.Secret) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			return tx.SetService(ctx, w.course.Platform, badges.Service{URL: address, Token: token})
		}
	}
	issuer := func(edit func(*badges.Issuer)) change {
		return func(ctx context.Context, tx *store.Tx, w auditWorld) error {
			i, err := tx.Issuer(ctx, w.issuer)
			if err != nil {
				return err
			}
			edit(&i)
			id, err := tx.SaveIssuer(ctx, i)
			w.ids["new"] = string(id)
			return err
		}
	}
	mail := func(name string) change {
		return func(ctx context.Context, tx *store.Tx, _ auditWorld) error {
			return tx.SetMailSender(ctx, store.MailSender{Name: name, Address: auditedSender})
		}
	}
	first := service("https://lms.example.org", "first")
	return []act{
		{name: "a service is set", do: service("https://lms.example.org", auditedToken), want: []entry{
			{platform, badges.ByAdmin, badges.ServiceChanged, "{platform}", "", `{"token":"set","url":"https://lms.example.org"}`, ""},
		}},
		{name: "a service moves", first: first, do: service("https://new.example.org", "first"), want: []entry{
			{platform, badges.ByAdmin, badges.ServiceChanged, "{platform}", `{"url":"https://lms.example.org"}`, `{"url":"https://new.example.org"}`, ""},
		}},
		{name: "a token is replaced", first: first, do: service("https://lms.example.org", auditedToken), want: []entry{
			{platform, badges.ByAdmin, badges.ServiceChanged, "{platform}", "", `{"token":"replaced"}`, ""},
		}},
		{name: "a service is removed", first: first, do: service("", ""), want: []entry{
			{platform, badges.ByAdmin, badges.ServiceChanged, "{platform}", `{"url":"https://lms.example.org"}`, `{"token":"removed"}`, ""},
		}},
		{name: "an address is copied with its token", do: service("https://u:"+auditedToken+"@lms.example.org/rest?wstoken="+auditedToken+"#"+auditedToken, auditedToken), want: []entry{
			{platform, badges.ByAdmin, badges.ServiceChanged, "{platform}", "", `{"token":"set","url":"https://lms.example.org/rest"}`, ""},
		}},
		{name: "an organisation is made", do: issuer(func(i *badges.Issuer) { i.ID = "" }), again: true, want: []entry{
			{platform, badges.ByAdmin, badges.IssuerSaved, "{new}", "", `{"email":"set","name":"U","url":"https://u.example"}`, ""},
		}},
		{name: "an organisation is renamed", do: issuer(func(i *badges.Issuer) { i.Name = "V" }), want: []entry{
			{platform, badges.ByAdmin, badges.IssuerSaved, "{issuer}", `{"name":"U"}`, `{"name":"V"}`, ""},
		}},
		{name: "an organisation has another address", do: issuer(func(i *badges.Issuer) { i.Email = "zoe@u.example" }), want: []entry{
			{platform, badges.ByAdmin, badges.IssuerSaved, "{issuer}", "", `{"email":"replaced"}`, ""},
		}},
		{name: "an organisation gets a logo", do: issuer(func(i *badges.Issuer) { i.Logo = "p" }), want: []entry{
			{platform, badges.ByAdmin, badges.IssuerSaved, "{issuer}", "", `{"logo":"p"}`, ""},
		}},
		{name: "mails have a sender", do: mail("U"), want: []entry{
			{installation, badges.ByAdmin, badges.MailChanged, "mail_sender", "", `{"address":"badges@u.example","name":"U"}`, ""},
		}},
		{name: "mails have another sender", first: mail("U"), do: mail("V"), want: []entry{
			{installation, badges.ByAdmin, badges.MailChanged, "mail_sender", `{"name":"U"}`, `{"name":"V"}`, ""},
		}},
	}
}
