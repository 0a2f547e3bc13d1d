package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/insigne-badges/insigne/app"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/campus"
)

// TestStory walks everybody's journey on one demo, in order.
func TestStory(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	d := browserDemo(t, app.DemoConfig{})
	first := d.waitMail(t, "zoe@example.org")
	t.Run("learner and checker, in French", func(t *testing.T) { learnerClaims(t, d, first) })
	t.Run("teacher, in French", func(t *testing.T) { teacherMakesBadge(t, d) })
	t.Run("teacher with a huge picture", func(t *testing.T) { hugePicture(t, d) })
	t.Run("a changed grade earns the badge", func(t *testing.T) { gradeEarnsBadge(t, d) })
	t.Run("learner in the course", func(t *testing.T) { learnerInCourse(t, d) })
	t.Run("teacher places a badge in the course", func(t *testing.T) { teacherPlacesBadge(t, d) })
	t.Run("a copied course", func(t *testing.T) { copiedCourse(t, d) })
	t.Run("teacher without cookies", func(t *testing.T) { teacherWithoutCookies(t, d) })
	t.Run("learner without cookies", func(t *testing.T) { learnerWithoutCookies(t, d) })
	t.Run("teacher says more about a badge", func(t *testing.T) { teacherSaysMore(t, d, browser(t, "fr")) })
	t.Run("teacher without cookies says more about a badge", func(t *testing.T) {
		teacherSaysMore(t, d, browser(t, "fr", withoutCookies(t, d)))
	})
	t.Run("teacher awards by hand", func(t *testing.T) { teacherAwardsByHand(t, d, browser(t, "fr"), "nora") })
	t.Run("teacher without cookies awards by hand", func(t *testing.T) {
		teacherAwardsByHand(t, d, browser(t, "fr", withoutCookies(t, d)), "soren")
	})
	t.Run("administrator, in English", func(t *testing.T) { administrator(t, d) })
}

func learnerClaims(t *testing.T, d *demo, m campus.Mail) {
	if !strings.Contains(m.Subject, "Vous avez reçu le badge") || !strings.Contains(m.Text, m.Links[0]) {
		t.Errorf("mail %q is not French, or its text part lacks the link", m.Subject)
	}
	ctx := browser(t, "fr")
	run(t, ctx, "open the claim page",
		chromedp.Navigate(m.Links[0]), chromedp.WaitVisible("#claim"), shots("claim-fr"))
	heading := read(t, ctx, "read its heading", chromedp.Text(".eyebrow"))
	if heading != "Vous avez reçu un badge !" && !strings.Contains(heading, "Vous avez reçu un badge") {
		t.Errorf("heading = %q", heading)
	}
	run(t, ctx, "the same in English", chromedp.Navigate(m.Links[0]+"?lang=en"), chromedp.WaitVisible("#claim"), shots("claim-en"))
	heading = read(t, ctx, "read its English heading", chromedp.Text(".eyebrow"))
	if heading != "You have received a badge!" {
		t.Errorf("heading = %q", heading)
	}
	run(t, ctx, "accept", chromedp.Navigate(m.Links[0]+"?lang=fr"), chromedp.Click("#show-name"), chromedp.Click("#accept"),
		chromedp.WaitVisible("#public-page"), shots("claimed-fr"))
	publicURL := read(t, ctx, "find the public page", chromedp.AttributeValue("#public-page", "href")).Value
	run(t, ctx, "open the public page", chromedp.Navigate(publicURL), chromedp.WaitVisible("#status"), shots("public-fr"))
	status := read(t, ctx, "read the status", chromedp.Text("#status"))
	holder := read(t, ctx, "read the name", chromedp.Text("#holder"))
	if status != "Badge valide" || holder != "Zoë Ångström" {
		t.Errorf("public page says %q of %q", status, holder)
	}
	run(t, ctx, "the same in English", chromedp.Navigate(publicURL+"?lang=en"), chromedp.WaitVisible("#status"), shots("public-en"))
	checkBadge(t, publicURL)
	run(t, ctx, "take the name back", chromedp.Navigate(m.Links[0]), chromedp.Click("#show-name"), chromedp.Click("#accept"),
		chromedp.WaitVisible("#show-name:not([checked])"), chromedp.Navigate(publicURL), chromedp.WaitVisible("#status"), chromedp.WaitNotPresent("#holder"))
}

// checkBadge does what a machine does: documents, baked picture, verification.
func checkBadge(t *testing.T, publicURL string) {
	t.Helper()
	var assertion openbadges.Assertion
	body := get(t.Context(), t, publicURL, "application/json")
	if err := json.Unmarshal(body, &assertion); err != nil || assertion.ID != publicURL || assertion.Context != openbadges.Context2 {
		t.Fatalf("assertion = %s, %v", body, err)
	}
	if bytes.Contains(body, []byte("zoe@example.org")) {
		t.Error("the document shows the address in the clear")
	}
	report, err := openbadges.Verify(t.Context(), get(t.Context(), t, publicURL+".png", "image/png"),
		func(ctx context.Context, address string) ([]byte, error) {
			return get(ctx, t, address, "application/json"), nil
		}, time.Now())
	if err != nil || report.Status != openbadges.Valid {
		t.Errorf("the baked picture is %v (%s), %v; want valid", report.Status, report.Problem, err)
	}
}

func get(ctx context.Context, t *testing.T, address, accept string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	must(t, err)
	req.Header.Set("Accept", accept)
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v", address, resp.Status, err)
	}
	return body
}

// inFrame opens the course as somebody and returns the tool's frame once
// something in it is visible.
func inFrame(t *testing.T, ctx context.Context, d *demo, as, wait string) chromedp.QueryOption {
	t.Helper()
	run(t, ctx, "open the course as "+as, chromedp.Navigate(d.CampusURL+"/course/2?as="+as))
	return waitFrame(t, ctx, "#contentframe", wait)
}

func teacherMakesBadge(t *testing.T, d *demo) {
	ctx := browser(t, "fr")
	frame := inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "the list of badges", shots("teacher-badges-fr"), chromedp.Click(chromedp.CSS("#new-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#badge-form")
	run(t, ctx, "fill in the form", badgeOfQuiz(frame, "Quiz réussi", "A réussi le quiz.", "90"),
		chromedp.Click(chromedp.CSS("#preview-button"), frame),
		chromedp.WaitVisible(chromedp.CSS("#preview .preview-earns"), frame),
		shots("teacher-form-fr"),
		chromedp.Click(chromedp.CSS("#save-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#switch-on")
	run(t, ctx, "switch on", chromedp.WaitVisible(chromedp.CSS("#preview .preview-earns"), frame), shots("teacher-badge-fr"),
		chromedp.Click(chromedp.CSS("#switch-on"), frame))
	waitFrame(t, ctx, "#contentframe", "#switch-off")
	eventually(t, "a mail about the new badge", func() bool {
		return slices.ContainsFunc(d.Campus.Inbox(), func(m campus.Mail) bool { return strings.Contains(m.Subject, "Quiz réussi") })
	})
}

// badgeOfQuiz fills the form with a badge for so many percent in the quiz.
func badgeOfQuiz(frame chromedp.QueryOption, name, description, percent string) action {
	return chromedp.Steps(
		chromedp.SendKeys(chromedp.CSS("#name"), name, frame),
		chromedp.SendKeys(chromedp.CSS("#description"), description, frame),
		chromedp.Click(chromedp.CSS(".picture-choice input"), frame),
		chromedp.SetValue(chromedp.CSS(`select[name="condition"]`), "activity_grade:3", frame),
		chromedp.SendKeys(chromedp.CSS(`input[name="percent"]`), percent, frame),
	)
}

// hugePicture uploads more than the service takes: the browser must show why,
// not a broken connection.
func hugePicture(t *testing.T, d *demo) {
	file := filepath.Join(t.TempDir(), "huge.png")
	must(t, os.WriteFile(file, bytes.Repeat([]byte{0x89}, 20<<20), 0o600))
	ctx := browser(t, "fr")
	frame := inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "open the form", chromedp.Click(chromedp.CSS("#new-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#badge-form")
	run(t, ctx, "upload 20 MB",
		chromedp.SendKeys(chromedp.CSS("#name"), "Trop grand", frame),
		chromedp.SendKeys(chromedp.CSS("#description"), "Une image de 20 Mo.", frame),
		chromedp.SetValue(chromedp.CSS(`select[name="condition"]`), "course_completed", frame),
		chromedp.SetUploadFiles(chromedp.CSS("#upload"), []string{file}, frame))
	said := read(t, ctx, "read the warning", chromedp.JavascriptAttribute[string](chromedp.CSS("#upload"), "validationMessage", frame))
	if !strings.Contains(said, "2\u00a0Mo") {
		t.Errorf("before sending, the teacher reads %q", said)
	}
	run(t, ctx, "send it all the same",
		chromedp.SetAttributeValue(chromedp.CSS("#badge-form"), "novalidate", "", frame),
		chromedp.Click(chromedp.CSS("#save-badge"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#problem-code")
	said = read(t, ctx, "read why", chromedp.Text(chromedp.CSS(".problem"), frame))
	if !strings.Contains(said, "2\u00a0Mo") {
		t.Errorf("after sending, the teacher reads %q", said)
	}
}

func gradeEarnsBadge(t *testing.T, d *demo) {
	ctx := browser(t, "en")
	run(t, ctx, "change a grade", chromedp.Navigate(d.CampusURL+"/gradebook"),
		chromedp.SetValue(chromedp.CSS(`input[name="grade-7-3"]`), "85"), shots("gradebook-en"),
		chromedp.Click("#save-grades"), chromedp.WaitVisible(`input[name="grade-7-3"]`))
	m := d.waitMail(t, "sinead@example.org")
	if !strings.Contains(m.Subject, "You have received the badge") {
		t.Errorf("subject = %q, want English", m.Subject)
	}
	run(t, ctx, "decline", chromedp.Navigate(m.Links[0]), chromedp.Click("#decline"), chromedp.WaitVisible("#accept"), shots("declined-en"))
}

// teacherPlacesBadge adds an activity that opens one badge; a learner opens it
// (case 61).
func teacherPlacesBadge(t *testing.T, d *demo) {
	ctx := browser(t, "fr")
	inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "add an activity", chromedp.Click("#add-activity"))
	frame := waitFrame(t, ctx, "#contentframe", "#place-form")
	run(t, ctx, "choose the badge", shots("place-fr"),
		chromedp.Click(chromedp.CSS(`.place-choice:nth-of-type(2) input`), frame), chromedp.Click(chromedp.CSS("#place"), frame),
		chromedp.WaitVisible("a.activity"))
	title := read(t, ctx, "read the activity's title", chromedp.Text("a.activity"))
	address := read(t, ctx, "read its address", chromedp.AttributeValue("a.activity", "href")).Value
	run(t, ctx, "the learner opens it", chromedp.Navigate(d.CampusURL+strings.Replace(address, "as=3", "as=10", 1)))
	frame = waitFrame(t, ctx, "#contentframe", "#my-badges .earned")
	run(t, ctx, "look at it", shots("placed-fr"))
	list := read(t, ctx, "read it", chromedp.Nodes(chromedp.CSSAll("#my-badges .earned"), frame))
	if len(list) != 1 || title == "" {
		t.Errorf("the activity %q shows %d badges, want its one", title, len(list))
	}
}

// copiedCourse copies the course in the LMS; the teacher takes its badges over,
// and the activity that was copied with it opens the copy of its badge.
func copiedCourse(t *testing.T, d *demo) {
	ctx := browser(t, "fr")
	run(t, ctx, "copy the course", chromedp.Navigate(d.CampusURL+"/admin/tools"), chromedp.Click("#copy-course"), chromedp.WaitVisible("#course-3"),
		chromedp.Navigate(d.CampusURL+"/course/3?as=3"))
	frame := waitFrame(t, ctx, "#contentframe", "#take-over button")
	run(t, ctx, "take the badges over", shots("take-over-fr"), chromedp.Click(chromedp.CSS("#take-over button"), frame))
	frame = waitFrame(t, ctx, "#contentframe", ".badge-row")
	run(t, ctx, "look at them", chromedp.WaitNotPresent(chromedp.CSS("#take-over"), frame),
		shots("taken-over-fr"))
	drafts := read(t, ctx, "count the drafts", chromedp.Nodes(chromedp.CSSAll(".badge-row .pill-draft"), frame))
	address := read(t, ctx, "find the copied activity", chromedp.AttributeValue("a.activity", "href")).Value
	if len(drafts) < 2 {
		t.Errorf("%d drafts, want one for each badge of the course", len(drafts))
	}
	run(t, ctx, "open the copied activity", chromedp.Navigate(d.CampusURL+address))
	waitFrame(t, ctx, "#contentframe", "#switch-on")
}

func learnerInCourse(t *testing.T, d *demo) {
	ctx := browser(t, "fr")
	inFrame(t, ctx, d, "10", ".in-progress")
	run(t, ctx, "what is missing", shots("learner-fr"))
}

func administrator(t *testing.T, d *demo) {
	ctx, link := browser(t, "en"), d.adminLink(t)
	run(t, ctx, "sign in", chromedp.Navigate(link), chromedp.Click("#sign-in"), chromedp.WaitVisible("#invite"), shots("admin-en"))
	run(t, ctx, "invite", chromedp.Click("#invite"), chromedp.WaitVisible("#invitation-url"), shots("admin-invitation-en"))
	address := read(t, ctx, "read the invitation", chromedp.Value("#invitation-url"))
	run(t, ctx, "paste it into the LMS", chromedp.Navigate(d.CampusURL+"/admin/tools"),
		chromedp.SetValue("#register-url", address), chromedp.Click("#register"), chromedp.WaitVisible("#registration"))
	registration := waitFrame(t, ctx, "#registration", "#register-confirm")
	run(t, ctx, "confirm",
		chromedp.Click(chromedp.CSS("#register-again"), registration),
		chromedp.Click(chromedp.CSS("#register-confirm"), registration))
	// The registration asked for its window to be closed (case 87).
	run(t, ctx, "activate", chromedp.WaitVisible("#activate-3"), chromedp.Click("#activate-3"), chromedp.WaitNotPresent("#activate-3"))
	run(t, ctx, "the first platform", chromedp.Navigate(d.url+"/admin"), chromedp.Click(chromedp.CSS(".platform-list li:has(.pill-on) a")), chromedp.WaitVisible("#service-report"),
		chromedp.Click(chromedp.CSS("#connection button")), chromedp.WaitVisible("#connection-report .criterion-met"), shots("admin-platform-en"))
	unmet := read(t, ctx, "count what is not met", chromedp.Nodes(chromedp.CSSAll("#connection-report .criterion-unmet"), chromedp.AtLeast(0)))
	if len(unmet) != 0 {
		t.Errorf("%d lines of the connection test are not met", len(unmet))
	}
	run(t, ctx, "the launches", chromedp.Navigate(d.url+"/admin/diagnosis"), chromedp.WaitVisible("#launches .text-success"), shots("admin-diagnosis-en"))
	run(t, ctx, "the next key", chromedp.Navigate(d.url+"/admin/tool"), shots("admin-tool-en"), chromedp.Click("#next-key"), chromedp.WaitVisible("#keys li:nth-of-type(3)"))
	run(t, ctx, "test mail", chromedp.Navigate(d.url+"/admin/mail"), chromedp.SetValue("#to", "admin@example.org"), chromedp.Click("#send-test"),
		chromedp.WaitVisible("#mail-sent"), shots("admin-mail-en"))
	d.waitMail(t, "admin@example.org")
	run(t, ctx, "the link works once", chromedp.Navigate(link), chromedp.Click("#sign-in"), chromedp.WaitVisible("#problem-code"), shots("problem-en"))
}
