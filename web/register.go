package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

// registerData is the page the LMS opens for its administrator.
type registerData struct {
	Host          string // of the platform
	Invite        string
	Configuration string
	Token         string
	Again         bool // a platform of that address is connected already
	Done          bool
}

// registerPage asks for confirmation. Without a valid invitation nothing is
// fetched and nothing written.
func (s *Server) registerPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	data := registerData{Invite: q.Get("invite"), Configuration: q.Get("openid_configuration"), Token: q.Get("registration_token")}
	if err := s.checkInvitation(r.Context(), data.Invite); err != nil {
		return err
	}
	u, err := url.Parse(data.Configuration)
	if err != nil || u.Host == "" {
		return fault.New(fault.Invalid, "problem.registration_parameters")
	}
	data.Host = u.Host
	if data.Again, err = s.connected(r.Context(), data.Configuration); err != nil {
		return err
	}
	securityHeaders(w, "'self'", lti.Origin(data.Configuration)) // this page has a button: only that platform may embed it
	locale := s.locale(r, nil)
	return s.render(w, r, locale, "launch/register", templates.Page{Title: locale.T("register.title", nil), Data: data})
}

// connected reports whether a platform of an address is registered here.
func (s *Server) connected(ctx context.Context, address string) (bool, error) {
	platforms, err := s.Store.Platforms(ctx)
	return slices.ContainsFunc(platforms, func(p store.Platform) bool { return lti.Origin(p.Registration.Issuer) == lti.Origin(address) }), err
}

func (s *Server) checkInvitation(ctx context.Context, invite string) error {
	err := s.Store.Link(ctx, store.Invitation, hashToken(invite))
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return fault.Wrap(err, fault.Gone, "problem.invitation_used")
	}
	return err
}

// register is the administrator's confirmation.
func (s *Server) register(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	configuration := r.PostFormValue("openid_configuration")
	// First: who has no invitation learns nothing of who is connected.
	if err := s.checkInvitation(r.Context(), r.PostFormValue("invite")); err != nil {
		return err
	}
	known, err := s.connected(r.Context(), configuration)
	if err != nil {
		return err
	}
	if known && r.PostFormValue("again") == "" {
		return fault.New(fault.Conflict, "problem.register_again")
	}
	_, err = s.Register(r.Context(), r.PostFormValue("invite"), lti.RegisterRequest{
		ConfigurationURL: configuration, Token: r.PostFormValue("registration_token"),
	})
	if err != nil {
		return err
	}
	locale := s.locale(r, nil)
	page := templates.Page{Title: locale.T("register.done_title", nil), Data: registerData{Done: true}}
	return s.render(w, r, locale, "launch/register", page)
}

// Register registers Insigne at a platform and uses the invitation up. A
// refused registration leaves the invitation as it was. Whoever calls it has
// asked first if a platform of that address is connected already: what that one
// says of itself is replaced when the platform names the same client again.
func (s *Server) Register(ctx context.Context, invite string, request lti.RegisterRequest) (badges.PlatformID, error) {
	if err := s.checkInvitation(ctx, invite); err != nil {
		return "", err
	}
	request.Client = s.client()
	registered, err := s.Tool.Register(ctx, request)
	if err != nil {
		return "", err
	}
	if registered.Registration.Name == "" {
		registered.Registration.Name = s.platformHost(registered.Registration.Issuer)
	}
	var id badges.PlatformID
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.UseLink(ctx, store.Invitation, hashToken(invite)); err != nil {
			return fault.Wrap(err, fault.Gone, "problem.invitation_used")
		}
		id, err = tx.SavePlatform(ctx, registered.Registration, registered.Deployment, badges.ByPlatform)
		return err
	})
	return id, err
}

// platformHost names a platform until its first launch tells its name.
func (s *Server) platformHost(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil {
		return issuer
	}
	return u.Host
}

// client is how Insigne presents itself to platforms. It asks for the least:
// who somebody is, in which course.
func (s *Server) client() lti.Client {
	return lti.Client{
		Name: "Insigne", Names: map[string]string{"fr": "Insigne"},
		Description: "Open Badges for what learners did in the course",
		LogoURL:     s.BaseURL + s.Templates.Asset("icon.svg"),
		TargetURL:   s.BaseURL + LaunchPath,
		Claims:      []string{"iss", "sub", "name", "given_name", "family_name", "email"},
		Scopes:      []string{lti.ScopeLineItem, lti.ScopeResult, lti.ScopeScore, lti.ScopeMemberships},
		Custom:      map[string]string{customHistory: "$Context.id.history"},
	}
}
