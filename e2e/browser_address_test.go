package e2e_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/insigne-badges/insigne/app"
)

// TestAddressInBrowser walks the journey of a learner without an address in a browser:
// first in a tab that keeps no cookies, then with another address in one that does.
func TestAddressInBrowser(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	d := browserDemo(t, app.DemoConfig{})
	awardJosé(t, d)
	givesAddress(t, d, browser(t, "fr", withoutCookies(t, d)), "typo@courrier.example")
	first := d.waitMail(t, "typo@courrier.example")
	ctx := browser(t, "fr")
	givesAddress(t, d, ctx, "jose@courrier.example")
	second := d.waitMail(t, "jose@courrier.example")
	run(t, ctx, "the link that no longer counts", chromedp.Navigate(first.Links[0]), chromedp.WaitVisible("main"))
	if said := read(t, ctx, "read why", chromedp.Text("main")); !strings.Contains(said, "Ce lien ne permet plus de confirmer une adresse") {
		t.Errorf("the first link says %q", said)
	}
	run(t, ctx, "the link that counts", chromedp.Navigate(second.Links[0]), chromedp.WaitVisible("#confirms"), shots("confirm-fr"),
		chromedp.Click("#accept"), chromedp.WaitVisible("#public-page"), shots("confirmed-fr"))
}

// givesAddress gives an address on the course page as José.
func givesAddress(t *testing.T, d *demo, ctx context.Context, address string) {
	t.Helper()
	frame := inFrame(t, ctx, d, "17", ".page-actions a")
	run(t, ctx, "what is missing", shots("no-address-fr"), chromedp.Click(chromedp.CSS(".page-actions a"), frame))
	frame = waitFrame(t, ctx, "#contentframe", "#give-address")
	run(t, ctx, "give the address", chromedp.SetValue(chromedp.CSS("#address"), address, frame), shots("address-form-fr"),
		chromedp.Click(chromedp.CSS("#give-address button"), frame))
	frame = waitFrame(t, ctx, "#contentframe", `#address[value="`+address+`"]`) // the page after the form
	if said := read(t, ctx, "what it says", chromedp.Text(chromedp.CSS("#address-sent"), frame)); !strings.Contains(said, address) {
		t.Errorf("after the form: %q", said)
	}
	run(t, ctx, "the page", shots("address-sent-fr"))
}
