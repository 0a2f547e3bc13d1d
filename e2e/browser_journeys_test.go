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

	"github.com/chromedp/cdproto/cdp"
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
	var heading, publicURL, status string
	run(t, ctx, "open the claim page",
		chromedp.Navigate(m.Links[0]), chromedp.WaitVisible("#claim"), chromedp.Text(".eyebrow", &heading), shots("claim-fr"))
	if heading != "Vous avez reçu un badge !" && !strings.Contains(heading, "Vous avez reçu un badge") {
		t.Errorf("heading = %q", heading)
	}
	run(t, ctx, "the same in English", chromedp.Navigate(m.Links[0]+"?lang=en"), chromedp.WaitVisible("#claim"), chromedp.Text(".eyebrow", &heading), shots("claim-en"))
	if heading != "You have received a badge!" {
		t.Errorf("heading = %q", heading)
	}
	run(t, ctx, "accept", chromedp.Navigate(m.Links[0]+"?lang=fr"), chromedp.Click("#show-name"), chromedp.Click("#accept"),
		chromedp.WaitVisible("#public-page"), chromedp.AttributeValue("#public-page", "href", &publicURL, nil), shots("claimed-fr"))
	var holder string
	run(t, ctx, "open the public page", chromedp.Navigate(publicURL), chromedp.WaitVisible("#status"),
		chromedp.Text("#status", &status), chromedp.Text("#holder", &holder), shots("public-fr"))
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
	return waitFrame(t, ctx, wait)
}

func teacherMakesBadge(t *testing.T, d *demo) {
	ctx := browser(t, "fr")
	frame := inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "the list of badges", shots("teacher-badges-fr"), chromedp.Click("#new-badge", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#badge-form")
	run(t, ctx, "fill in the form", badgeOfQuiz(frame, "Quiz réussi", "A réussi le quiz.", "90"),
		chromedp.Click("#preview-button", chromedp.ByQuery, frame),
		chromedp.WaitVisible("#preview .preview-earns", chromedp.ByQuery, frame),
		shots("teacher-form-fr"),
		chromedp.Click("#save-badge", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#switch-on")
	run(t, ctx, "switch on", chromedp.WaitVisible("#preview .preview-earns", chromedp.ByQuery, frame), shots("teacher-badge-fr"),
		chromedp.Click("#switch-on", chromedp.ByQuery, frame))
	waitFrame(t, ctx, "#switch-off")
	eventually(t, "a mail about the new badge", func() bool {
		return slices.ContainsFunc(d.Campus.Inbox(), func(m campus.Mail) bool { return strings.Contains(m.Subject, "Quiz réussi") })
	})
}

// badgeOfQuiz fills the form with a badge for so many percent in the quiz.
func badgeOfQuiz(frame chromedp.QueryOption, name, description, percent string) chromedp.Action {
	return chromedp.Tasks{
		chromedp.SendKeys("#name", name, chromedp.ByQuery, frame),
		chromedp.SendKeys("#description", description, chromedp.ByQuery, frame),
		chromedp.Click(".picture-choice input", chromedp.ByQuery, frame),
		chromedp.SetValue(`select[name="condition"]`, "activity_grade:3", chromedp.ByQuery, frame),
		chromedp.SendKeys(`input[name="percent"]`, percent, chromedp.ByQuery, frame),
	}
}

// hugePicture uploads more than the service takes: the browser must show why,
// not a broken connection.
func hugePicture(t *testing.T, d *demo) {
	file := filepath.Join(t.TempDir(), "huge.png")
	must(t, os.WriteFile(file, bytes.Repeat([]byte{0x89}, 20<<20), 0o600))
	ctx := browser(t, "fr")
	frame := inFrame(t, ctx, d, "3", "#new-badge")
	run(t, ctx, "open the form", chromedp.Click("#new-badge", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#badge-form")
	var said string
	run(t, ctx, "upload 20 MB",
		chromedp.SendKeys("#name", "Trop grand", chromedp.ByQuery, frame),
		chromedp.SendKeys("#description", "Une image de 20 Mo.", chromedp.ByQuery, frame),
		chromedp.SetValue(`select[name="condition"]`, "course_completed", chromedp.ByQuery, frame),
		chromedp.SetUploadFiles("#upload", []string{file}, chromedp.ByQuery, frame),
		chromedp.JavascriptAttribute("#upload", "validationMessage", &said, chromedp.ByQuery, frame))
	if !strings.Contains(said, "2\u00a0Mo") {
		t.Errorf("before sending, the teacher reads %q", said)
	}
	run(t, ctx, "send it all the same",
		chromedp.SetAttributeValue("#badge-form", "novalidate", "", chromedp.ByQuery, frame),
		chromedp.Click("#save-badge", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, "#problem-code")
	run(t, ctx, "read why", chromedp.Text(".problem", &said, chromedp.ByQuery, frame))
	if !strings.Contains(said, "2\u00a0Mo") {
		t.Errorf("after sending, the teacher reads %q", said)
	}
}

// waitFrame finds the frame again after it went to another page.
func waitFrame(t *testing.T, ctx context.Context, wait string) chromedp.QueryOption {
	t.Helper()
	deadline := time.Now().Add(90 * time.Second)
	for {
		var frames []*cdp.Node
		run(t, ctx, "find the frame", chromedp.Nodes("#contentframe", &frames, chromedp.ByQuery))
		frame := chromedp.FromNode(frames[0])
		brief, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := chromedp.Run(brief, chromedp.WaitVisible(wait, chromedp.ByQuery, frame))
		cancel()
		if err == nil {
			return frame
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s did not appear in the frame: %v", wait, err)
		}
	}
}

func gradeEarnsBadge(t *testing.T, d *demo) {
	ctx := browser(t, "en")
	run(t, ctx, "change a grade", chromedp.Navigate(d.CampusURL+"/gradebook"),
		chromedp.SetValue(`input[name="grade-7-3"]`, "85", chromedp.ByQuery), shots("gradebook-en"),
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
	frame := waitFrame(t, ctx, "#place-form")
	var title, address string
	var found bool
	run(t, ctx, "choose the badge", shots("place-fr"),
		chromedp.Click(`.place-choice:nth-of-type(2) input`, chromedp.ByQuery, frame), chromedp.Click("#place", chromedp.ByQuery, frame),
		chromedp.WaitVisible("a.activity"), chromedp.Text("a.activity", &title), chromedp.AttributeValue("a.activity", "href", &address, &found))
	var list []*cdp.Node
	run(t, ctx, "the learner opens it", chromedp.Navigate(d.CampusURL+strings.Replace(address, "as=3", "as=10", 1)))
	frame = waitFrame(t, ctx, "#my-badges .earned")
	run(t, ctx, "read it", shots("placed-fr"), chromedp.Nodes("#my-badges .earned", &list, chromedp.ByQueryAll, frame))
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
	frame := waitFrame(t, ctx, "#take-over button")
	run(t, ctx, "take the badges over", shots("take-over-fr"), chromedp.Click("#take-over button", chromedp.ByQuery, frame))
	frame = waitFrame(t, ctx, ".badge-row")
	var drafts []*cdp.Node
	var address string
	var found bool
	run(t, ctx, "look at them", chromedp.WaitNotPresent("#take-over", chromedp.ByQuery, frame),
		chromedp.Nodes(".badge-row .pill-draft", &drafts, chromedp.ByQueryAll, frame), shots("taken-over-fr"),
		chromedp.AttributeValue("a.activity", "href", &address, &found))
	if len(drafts) < 2 {
		t.Errorf("%d drafts, want one for each badge of the course", len(drafts))
	}
	run(t, ctx, "open the copied activity", chromedp.Navigate(d.CampusURL+address))
	waitFrame(t, ctx, "#switch-on")
}

func learnerInCourse(t *testing.T, d *demo) {
	ctx := browser(t, "fr")
	inFrame(t, ctx, d, "10", ".in-progress")
	run(t, ctx, "what is missing", shots("learner-fr"))
}

func administrator(t *testing.T, d *demo) {
	ctx, link := browser(t, "en"), d.adminLink(t)
	run(t, ctx, "sign in", chromedp.Navigate(link), chromedp.Click("#sign-in"), chromedp.WaitVisible("#invite"), shots("admin-en"))
	var address string
	run(t, ctx, "invite", chromedp.Click("#invite"), chromedp.WaitVisible("#invitation-url"), chromedp.Value("#invitation-url", &address), shots("admin-invitation-en"))
	run(t, ctx, "paste it into the LMS", chromedp.Navigate(d.CampusURL+"/admin/tools"),
		chromedp.SetValue("#register-url", address), chromedp.Click("#register"), chromedp.WaitVisible("#registration"))
	var frames []*cdp.Node
	run(t, ctx, "find the registration", chromedp.Nodes("#registration", &frames, chromedp.ByQuery))
	run(t, ctx, "confirm", chromedp.WaitVisible("#register-confirm", chromedp.ByQuery, chromedp.FromNode(frames[0])),
		chromedp.Click("#register-again", chromedp.ByQuery, chromedp.FromNode(frames[0])),
		chromedp.Click("#register-confirm", chromedp.ByQuery, chromedp.FromNode(frames[0])))
	// The registration asked for its window to be closed (case 87).
	run(t, ctx, "activate", chromedp.WaitVisible("#activate-3"), chromedp.Click("#activate-3"), chromedp.WaitNotPresent("#activate-3"))
	var unmet []*cdp.Node
	run(t, ctx, "the first platform", chromedp.Navigate(d.url+"/admin"), chromedp.Click(".platform-list li:has(.pill-on) a", chromedp.ByQuery), chromedp.WaitVisible("#service-report"),
		chromedp.Click("#connection button", chromedp.ByQuery), chromedp.WaitVisible("#connection-report .criterion-met"),
		chromedp.Nodes("#connection-report .criterion-unmet", &unmet, chromedp.ByQueryAll, chromedp.AtLeast(0)), shots("admin-platform-en"))
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
