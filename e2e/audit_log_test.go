package e2e_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
)

var (
	invitationAddress = regexp.MustCompile(`/lti/register\?invite=([\w-]+)`)
	invitationHash    = regexp.MustCompile(`name="invitation" value="([0-9a-f]+)"`)
)

// auditLog returns the audit log of the whole installation. An entry has all columns of
// its row after the time.
func (d *demo) auditLog(t *testing.T) []string {
	t.Helper()
	var log []string
	for _, row := range d.rows(t) {
		if id, entry, found := strings.Cut(row, "|"); found && strings.HasPrefix(id, "audit ") {
			_, entry, _ = strings.Cut(entry, "|") // the time
			log = append(log, entry)
		}
	}
	slices.Sort(log)
	return log
}

// audits checks what do adds to the audit log.
func (d *demo) audits(t *testing.T, what string, do func(), want ...string) {
	t.Helper()
	before := d.auditLog(t)
	do()
	added := d.auditLog(t)
	for _, e := range before {
		i := slices.Index(added, e)
		added = slices.Delete(added, i, i+1)
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, added); diff != "" && len(want)+len(added) > 0 {
		t.Errorf("%s adds to the audit log (-want +got):\n%s", what, diff)
	}
}

// console is an administrator who uses the console.
type console struct {
	visitor
	secrets []string // secrets that the administrator saw
}

// press posts a form of a page. The answer must be a redirect.
func (c *console) press(t *testing.T, page, path string, form url.Values) {
	t.Helper()
	form.Set("csrf", c.csrf(t, page))
	if w := c.post(t, path, form); w.Code != http.StatusSeeOther && w.Code != http.StatusOK {
		t.Fatalf("%s is answered %d: %s", path, w.Code, said(w))
	}
}

// TestConsoleIsAudited uses the administrator's console. Each change adds an entry with
// its actor, the old value and the new one. The same change again adds none. No secret
// is in the log.
func TestConsoleIsAudited(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	c := &console{visitor: d.visitor()}
	c.signsIn(t)
	c.revokesInvitation(t)
	c.resends(t)
	c.connects(t)
	c.decidesDeployments(t)
	c.setsServices(t)
	c.secrets = append(c.secrets, c.cookies["__Host-insigne-admin"].Value)
	for _, e := range d.auditLog(t) {
		if leaked := words(c.secrets).in(e); len(leaked) > 0 {
			t.Errorf("the log has %q: %s", leaked, e)
		}
		if strings.Contains(strings.ReplaceAll(e, "sender@example.org", ""), "@") {
			t.Errorf("the log has a mail address: %s", e)
		}
	}
}

// knows adds a link's token and hash to the secrets. It returns the link's name in the
// log.
func (c *console) knows(token string) string {
	sum := sha256.Sum256([]byte(token))
	hash := hex.EncodeToString(sum[:])
	c.secrets = append(c.secrets, token, hash)
	return hash[:8]
}

func (c *console) signsIn(t *testing.T) {
	t.Helper()
	link, err := c.App.AdminLink(t.Context())
	must(t, err)
	token := link[strings.LastIndex(link, "/")+1:]
	name, path := c.knows(token), "/admin/sign-in/"+token
	if made := "||operator|admin_link_made|" + name + "|||"; !slices.Contains(c.auditLog(t), made) {
		t.Errorf("the log is %q, without %s", c.auditLog(t), made)
	}
	c.audits(t, "opening the link", func() { c.get(t, path) })
	c.audits(t, "signing in", func() { c.post(t, path, nil) }, "||admin|admin_signed_in|"+name+"|||")
	c.audits(t, "signing in with a used link", func() { c.demo.visitor().post(t, path, nil) })
}

// invites makes an invitation and returns its token and its name in the log.
func (c *console) invites(t *testing.T) (token, name string) {
	t.Helper()
	w := c.post(t, "/admin/invitations", url.Values{"csrf": {c.csrf(t, "/admin")}})
	token = invitationAddress.FindStringSubmatch(w.Body.String())[1]
	name = c.knows(token)
	if made := "||admin|invitation_created|" + name + "|||"; !slices.Contains(c.auditLog(t), made) {
		t.Errorf("the log is %q, without %s", c.auditLog(t), made)
	}
	return token, name
}

func (c *console) revokesInvitation(t *testing.T) {
	t.Helper()
	_, name := c.invites(t)
	form := url.Values{"invitation": {invitationHash.FindStringSubmatch(c.get(t, "/admin").Body.String())[1]}}
	revoke := func() { c.press(t, "/admin", "/admin/invitations/revoke", form) }
	c.audits(t, "revoking an invitation", revoke, "||admin|invitation_revoked|"+name+"|||")
	c.audits(t, "revoking it again", revoke)
}

// connects registers a platform, registers it again with another endpoint, and adds one
// by hand.
func (c *console) connects(t *testing.T) {
	t.Helper()
	r := newRegistrar(t)
	const token = "canary-registration-token"
	c.secrets = append(c.secrets, token)
	register := func(invite string) {
		form := url.Values{"invite": {invite}, "openid_configuration": {r.URL}, "registration_token": {token}, "again": {"1"}}
		if w := c.demo.visitor().post(t, "/lti/register", form); w.Code != http.StatusOK {
			t.Fatalf("the registration is answered %d: %s", w.Code, said(w))
		}
	}
	invite, name := c.invites(t)
	before := c.auditLog(t)
	register(invite)
	id := string(c.platformOf(t, r.URL))
	host := strings.TrimPrefix(r.URL, "http://")
	want := []string{
		"||platform|invitation_used|" + name + "|||",
		id + "||platform|platform_added|" + id + `||{"auth_url":"` + r.URL + `/auth","client_id":"new","issuer":"` + r.URL + `","keys_url":"` + r.URL + `/keys","name":"` + host + `","token_url":"` + r.URL + `/token"}|`,
		id + "||platform|deployment_decided|1|pending|approved|registration",
	}
	for _, e := range want {
		if log := c.auditLog(t); !slices.Contains(log, e) || len(log) != len(before)+len(want) {
			t.Errorf("registering adds to %q, without %s", log, e)
		}
	}
	invite, name = c.invites(t)
	c.audits(t, "registering as it is", func() { register(invite) }, "||platform|invitation_used|"+name+"|||")
	invite, name = c.invites(t)
	r.configuration["token_endpoint"] = r.URL + "/oauth"
	c.audits(t, "registering with another endpoint", func() { register(invite) },
		"||platform|invitation_used|"+name+"|||",
		id+"||platform|platform_changed|"+id+`|{"token_url":"`+r.URL+`/token"}|{"token_url":"`+r.URL+`/oauth"}|`)
	c.audits(t, "registering in vain", func() {
		c.demo.visitor().post(t, "/lti/register", url.Values{"invite": {invite}, "openid_configuration": {r.URL}, "registration_token": {token}})
	})
	c.press(t, "/admin/tool", "/admin/tool/platforms", url.Values{
		"name": {"Typed"}, "issuer": {"https://typed.example"}, "client_id": {"typed"}, "auth_url": {"https://typed.example/auth"},
		"token_url": {"https://typed.example/token"}, "keys_url": {"https://typed.example/keys"}, "deployment": {"d"},
	})
	typed := string(c.platformOf(t, "https://typed.example"))
	if log := c.auditLog(t); !slices.Contains(log, typed+"||admin|deployment_decided|d|pending|approved|registration") {
		t.Errorf("the log is %q, without the typed platform's deployment", log)
	}
}

func (c *console) decidesDeployments(t *testing.T) {
	t.Helper()
	id := string(c.platformOf(t, c.CampusURL))
	page := "/admin/platforms/" + id
	unseen := func(claims map[string]any) { claims[ltiClaim+"deployment_id"] = "9" }
	c.audits(t, "a deployment seen first", func() { c.launched(t, 3, "", unseen) })
	decide := func(decision string) func() {
		return func() { c.press(t, page, page+"/deployments", url.Values{"deployment": {"9"}, "decision": {decision}}) }
	}
	c.audits(t, "approving", decide("approve"), id+"||admin|deployment_decided|9|pending|approved|")
	c.audits(t, "approving again", decide("approve"))
	c.audits(t, "refusing", decide("refuse"), id+"||admin|deployment_decided|9|approved|refused|")
	c.audits(t, "a launch that tells another name", func() {
		c.launchWith(t, 3, func(claims map[string]any) {
			claims[ltiClaim+"tool_platform"] = map[string]any{"guid": "g", "name": "Renamed"}
		})
	}, id+"||platform|platform_changed|"+id+`|{"name":"campus"}|{"name":"Renamed"}|`)
}

func (c *console) setsServices(t *testing.T) {
	t.Helper()
	id := string(c.platformOf(t, c.CampusURL))
	page := "/admin/platforms/" + id
	const token = "canary-of-the-service-token"
	c.secrets = append(c.secrets, token, c.Campus.Token())
	service := func(token string) func() {
		return func() { c.press(t, page, page+"/service", url.Values{"url": {c.CampusURL}, "token": {token}}) }
	}
	c.audits(t, "saving the same service", service(""))
	c.audits(t, "saving another token", service(token), id+"||admin|service_changed|"+id+`||{"token":"replaced"}|`)
	sender := func(name string) func() {
		return func() {
			c.press(t, "/admin/mail", "/admin/mail", url.Values{"name": {name}, "address": {"sender@example.org"}})
		}
	}
	c.audits(t, "setting the sender", sender("One"), `||admin|mail_changed|mail_sender||{"address":"sender@example.org","name":"One"}|`)
	c.audits(t, "setting the same sender", sender("One"))
	c.audits(t, "setting another sender", sender("Two"), `||admin|mail_changed|mail_sender|{"name":"One"}|{"name":"Two"}|`)
}

// resends makes a notice fail and sends it again. The teacher can see that.
func (c *console) resends(t *testing.T) {
	t.Helper()
	of := c.tenant(t)
	assertion := badges.AssertionID(of.values["assertion"])
	must(t, c.App.Store().Tx(t.Context(), func(tx *store.Tx) error {
		return tx.NoticeFailed(t.Context(), badges.SendNotice{Assertion: assertion, Channel: badges.ByMail, About: badges.OfAward}, "problem.mail_unreachable")
	}))
	retry := func() { c.press(t, "/admin", "/admin/notices/"+string(assertion)+"/award/mail/retry", url.Values{}) }
	c.audits(t, "sending a notice again", retry, string(c.platformOf(t, c.CampusURL))+"|2|admin|notice_resent|"+string(assertion)+"||award by mail|problem.mail_unreachable")
	c.audits(t, "sending it again at once", retry)
	teacher := c.demo.visitor()
	page := teacher.launch(t, 3) + "/badges/" + of.values["badge"] + "/recipients/" + string(assertion)
	if text := said(teacher.get(t, page)); !strings.Contains(text, "Avis envoyé à nouveau") {
		t.Errorf("the teacher reads %s", text)
	}
}

// TestTeachersChoicesAreAudited uses the settings of a badge. The retroactive choice is
// audited only when the badge is switched on.
func TestTeachersChoicesAreAudited(t *testing.T) {
	t.Parallel()
	d := seededDemo(t)
	badge := d.seededBadge(t)
	v := d.visitor()
	page := v.launch(t, 3) + "/badges/" + string(badge.ID)
	csrf := v.token(t, page)
	post := func(path string, form ...string) func() {
		return func() {
			values := url.Values{"csrf": {csrf}}
			for i := 0; i < len(form); i += 2 {
				values.Set(form[i], form[i+1])
			}
			if w := v.post(t, page+path, values); w.Code != http.StatusSeeOther {
				t.Errorf("%s is answered %d: %s", path, w.Code, said(w))
			}
		}
	}
	entry := func(action badges.Action, before, after string) string {
		return strings.Join([]string{string(badge.Course.Platform), "2", "3", string(action), string(badge.ID), before, after, ""}, "|")
	}
	on, off := post("/switch", "state", "on", "earlier", "silent"), post("/switch", "state", "off", "earlier", "none")
	d.audits(t, "switching off", off, entry(badges.BadgeSwitchedOff, "on", "off"))
	d.audits(t, "switching on", on, entry(badges.BadgeSwitchedOn, "off", "on"), entry(badges.RetroactiveChosen, "notify", "silent"))
	d.audits(t, "switching on twice", on)
	d.audits(t, "switching off what was on in silence", off, entry(badges.BadgeSwitchedOff, "on", "off"))
	d.audits(t, "another policy and a jury", post("/policy", "policy", "keep", "jury", "on"),
		entry(badges.PolicyChanged, "ask", "keep"), entry(badges.JuryChanged, "off", "on"))
	d.audits(t, "the same policy and jury", post("/policy", "policy", "keep", "jury", "on"))
	d.audits(t, "a second teacher", post("/endorsed", "endorsed", "on"), entry(badges.EndorsementAsked, "off", "on"))
	d.audits(t, "a second teacher again", post("/endorsed", "endorsed", "on"))
}
