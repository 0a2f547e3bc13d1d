package notify_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/templates"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

type sender struct{ name, address string }

func (s sender) Sender(context.Context) (string, string, error) { return s.name, s.address, nil }

func newMailer(t *testing.T, url string, from sender) *notify.Mailer {
	t.Helper()
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	m, err := notify.NewMailer(notify.Config{
		SMTPURL: url, From: "badges@insigne.example", Host: "insigne.example", Templates: set, Sender: from,
		Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const claimURL = "https://insigne.example/claim/AZxkq3y0fQ6bE1c2d3e4f5SECRET"

func notice(language string) notify.Notice {
	return notify.Notice{
		Assertion: badges.Assertion{
			ID: "0195a1f0-0000-7000-8000-000000000001", User: "42",
			Recipient: badges.Recipient{Name: "Zoë D’Alembert", Email: "zoe@student.example", Language: language},
		},
		Version: badges.Version{Content: badges.Content{
			Name: "Data Explorer", Description: "Reads, cleans and charts a data set.", Criteria: "Charts are <b>labelled</b>.",
			Rule: badges.Rule{Kind: badges.All, Of: []badges.Rule{
				{Kind: badges.ActivityGrade, Activity: "7", Name: "Final quiz", Percent: 80},
				{Kind: badges.CourseCompleted},
			}},
		}},
		Issuer:  badges.Issuer{Name: "Université de Lutèce", URL: "https://www.univ.example"},
		Picture: []byte("\x89PNG\r\n\x1a\nnot really"), ClaimURL: claimURL, CourseTitle: "BADGE101 & more",
	}
}

// receivedMail contains the parts of a mail.
type receivedMail struct {
	Header     *mail.Header
	Text, HTML string
	Picture    []byte
	PictureID  string
}

func open(t *testing.T, raw []byte) receivedMail {
	t.Helper()
	reader, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	l := receivedMail{Header: &reader.Header}
	for part, err := range parts(reader) {
		if err != nil {
			t.Fatal(err)
		}
		switch kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";"); kind {
		case "text/plain":
			l.Text = strings.ReplaceAll(string(read(t, part.Body)), "\r\n", "\n")
		case "text/html":
			l.HTML = string(read(t, part.Body))
		case "image/png":
			l.Picture, l.PictureID = read(t, part.Body), part.Header.Get("Content-ID")
		default:
			t.Fatalf("unexpected part %q", kind)
		}
	}
	return l
}

func TestAwardMail(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		t.Run(language, func(t *testing.T) {
			server := newMailServer(t)
			mailer := newMailer(t, server.URL, sender{"Université de Lutèce", "noreply@univ.example"})
			if err := mailer.Award(t.Context(), notice(language)); err != nil {
				t.Fatal(err)
			}
			got := server.only(t)
			if diff := cmp.Diff([]string{"zoe@student.example"}, got.To); diff != "" {
				t.Error(diff)
			}
			if got.From != "noreply@univ.example" {
				t.Errorf("envelope from %q", got.From)
			}
			l := open(t, got.Raw)
			golden(t, "award."+language+".txt", l.Text)
			checkHeader(t, l.Header, language)
			checkHTML(t, l)
		})
	}
}

// TestNoticeEdition checks that a notice has the texts of the badge in the learner's
// language, also in one that Insigne does not speak.
func TestNoticeEdition(t *testing.T) {
	for learner, want := range map[string]string{"fr": "Exploratrice", "fr-CA": "Exploratrice", "de": "Forscherin", "es": "Data Explorer", "": "Data Explorer"} {
		n := notice(learner)
		n.Version.Language = "en"
		n.Version.Translations = []badges.Translation{
			{Language: "fr", Name: "Exploratrice", Description: "Lit des données.", Criteria: "Avec légendes."},
			{Language: "de", Name: "Forscherin", Description: "Liest Daten.", Criteria: "Mit Legenden."},
		}
		texts := n.Version.In(learner)
		server := newMailServer(t)
		if err := newMailer(t, server.URL, sender{"Université de Lutèce", "noreply@univ.example"}).Award(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		l := open(t, server.only(t).Raw)
		subject, err := l.Header.Text("Subject")
		if err != nil || !strings.Contains(subject, want) {
			t.Errorf("%s: subject %q, want the badge %q: %v", learner, subject, want, err)
		}
		for _, text := range []string{want, texts.Description, texts.Criteria} {
			if !strings.Contains(l.Text, text) {
				t.Errorf("%s: %q is not in the mail:\n%s", learner, text, l.Text)
			}
		}
		var inbox lms
		if err := newMessenger(t).Award(t.Context(), &inbox, n); err != nil || !strings.Contains(inbox.html, want) {
			t.Errorf("%s: message without %q: %v\n%s", learner, want, err, inbox.html)
		}
		ends := ending(learner)
		again := n.Version
		ends.Version, ends.Again = n.Version, &again
		server = newMailServer(t)
		if err := newMailer(t, server.URL, sender{"Université de Lutèce", "noreply@univ.example"}).End(t.Context(), ends); err != nil {
			t.Fatal(err)
		}
		if l := open(t, server.only(t).Raw); !strings.Contains(l.Text, want) || !strings.Contains(l.Text, texts.Criteria) {
			t.Errorf("%s: reminder without %q or %q:\n%s", learner, want, texts.Criteria, l.Text)
		}
	}
}

// The mail names the step that the badge replaces.
func TestStepMail(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		server := newMailServer(t)
		n := notice(language)
		n.Replaces = "Bronze <b>"
		if err := newMailer(t, server.URL, sender{"Université de Lutèce", "noreply@univ.example"}).Award(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		l := open(t, server.only(t).Raw)
		golden(t, "award_step."+language+".txt", l.Text)
		if !strings.Contains(l.HTML, "Bronze &lt;b&gt;") {
			t.Errorf("%s: the page of the mail does not tell", language)
		}
	}
}

func checkHeader(t *testing.T, h *mail.Header, language string) {
	t.Helper()
	subject, err := h.Subject()
	want := map[string]string{"en": "You have received the badge “Data Explorer”", "fr": "Vous avez reçu le badge «\u00a0Data Explorer\u00a0»"}
	if err != nil || subject != want[language] {
		t.Errorf("subject %q, %v", subject, err)
	}
	to, err := h.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Zoë D’Alembert" || to[0].Address != "zoe@student.example" {
		t.Errorf("to %v, %v", to, err)
	}
	for name, want := range map[string]string{
		"Message-Id":       "<0195a1f0-0000-7000-8000-000000000001.award@insigne.example>",
		"Auto-Submitted":   "auto-generated",
		"Content-Language": language,
		"Date":             "Mon, 02 Mar 2026 12:00:00 +0000",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
}

func checkHTML(t *testing.T, l receivedMail) {
	t.Helper()
	if strings.Count(l.HTML, "<a ") != 1 || !strings.Contains(l.HTML, `href="`+claimURL+`"`) {
		t.Errorf("want one link, the button:\n%s", l.HTML)
	}
	if !strings.Contains(l.HTML, `src="cid:badge@insigne.example"`) || l.PictureID != "<badge@insigne.example>" || !bytes.Equal(l.Picture, notice("").Picture) {
		t.Errorf("picture %q is not in the mail as it is named", l.PictureID)
	}
	if strings.Contains(l.HTML, "<b>labelled") {
		t.Error("the teacher's words became markup")
	}
	if !strings.Contains(l.Text, "\n"+claimURL+"\n") {
		t.Error("the link is not alone on its line of the text")
	}
}

// ending returns the notice of a badge that will end and can be earned again by its
// current criteria.
func ending(language string) notify.Notice {
	n := notice(language)
	n.Assertion.AwardedAt, n.Assertion.ExpiresAt = noon.AddDate(-1, 1, 0), noon.AddDate(0, 1, 0)
	again := n.Version
	again.Criteria, again.Rule = "In <b>pairs</b>.", badges.Rule{Kind: badges.ActivityGrade, Activity: "9", Name: "Oral exam", Percent: 60}
	n.Again = &again
	return n
}

func TestEndMail(t *testing.T) {
	for _, language := range []string{"en", "fr"} {
		for name, again := range map[string]bool{"end": true, "end_for_good": false} {
			t.Run(name+"."+language, func(t *testing.T) {
				server := newMailServer(t)
				n := ending(language)
				if !again {
					n.Again = nil
				}
				if err := newMailer(t, server.URL, sender{}).End(t.Context(), n); err != nil {
					t.Fatal(err)
				}
				l := open(t, server.only(t).Raw)
				golden(t, name+"."+language+".txt", l.Text)
				if id := l.Header.Get("Message-Id"); id != "<0195a1f0-0000-7000-8000-000000000001.end@insigne.example>" {
					t.Errorf("message id %q is not its own", id)
				}
				subject, err := l.Header.Subject()
				want := map[string]string{"en": "Your badge “Data Explorer” ends on 2 April 2026", "fr": "Votre badge «\u00a0Data Explorer\u00a0» se termine le 2 avril 2026"}
				if err != nil || subject != want[language] {
					t.Errorf("subject %q, %v", subject, err)
				}
				if strings.Count(l.HTML, "<a ") != 1 || !strings.Contains(l.HTML, `href="`+claimURL+`"`) || strings.Contains(l.HTML, "<b>pairs") {
					t.Errorf("want one link, the button, and the teacher's words as words:\n%s", l.HTML)
				}
				if strings.Contains(l.HTML, "Oral exam") != again || strings.Contains(l.Text, "Final quiz") {
					t.Error("the rule is not that of now, or is there for no use")
				}
			})
		}
	}
}

// A notice that is sent again has the same Message-ID.
func TestAwardMailTwice(t *testing.T) {
	var ids []string
	for range 2 {
		server := newMailServer(t)
		if err := newMailer(t, server.URL, sender{}).Award(t.Context(), notice("fr")); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, open(t, server.only(t).Raw).Header.Get("Message-Id"))
	}
	if ids[0] != ids[1] {
		t.Errorf("message ids %q", ids)
	}
}

func TestTestMail(t *testing.T) {
	server := newMailServer(t)
	set, err := templates.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := newMailer(t, server.URL, sender{}).Test(t.Context(), "admin@univ.example", set.Locale("fr")); err != nil {
		t.Fatal(err)
	}
	got := server.only(t)
	if got.From != "badges@insigne.example" {
		t.Errorf("from %q, want the configured sender", got.From)
	}
	if l := open(t, got.Raw); !strings.Contains(l.Text, "insigne.example") || l.Picture != nil {
		t.Errorf("unexpected mail %+v", l)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}
