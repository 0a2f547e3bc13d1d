package lti

import (
	"encoding/json"
	"net/url"
	"strings"
)

// The claims of LTI 1.3 Core, section 5.
const (
	claimVersion      = "https://purl.imsglobal.org/spec/lti/claim/version"
	claimMessageType  = "https://purl.imsglobal.org/spec/lti/claim/message_type"
	claimDeployment   = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
	claimTarget       = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri"
	claimRoles        = "https://purl.imsglobal.org/spec/lti/claim/roles"
	claimMentorOf     = "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor"
	claimContext      = "https://purl.imsglobal.org/spec/lti/claim/context"
	claimResourceLink = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
	claimCustom       = "https://purl.imsglobal.org/spec/lti/claim/custom"
	claimPresentation = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation"
	claimPlatform     = "https://purl.imsglobal.org/spec/lti/claim/tool_platform"
	claimGrades       = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
	claimRoster       = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
	claimForUser      = "https://purl.imsglobal.org/spec/lti/claim/for_user"
)

// maxIdentifier is the maximum length of an identifier (LTI 1.3 Core, section 5: ids
// must not exceed 255 ASCII characters).
const maxIdentifier = 255

// readMessage reads the claims of a message whose issuer and times were checked. The
// caller must check the addresses in it.
func (c claims) readMessage(reg Registration) (Launch, error) {
	message, deployment, err := c.checkMessage()
	if err != nil {
		return Launch{}, err
	}
	l := Launch{Registration: reg, Deployment: deployment, Message: message, PlatformName: reg.Name, Product: reg.Product}
	for _, read := range []func(*Launch) error{c.readPerson, c.readRoles, c.readPlace, c.readPresentation, c.readPlatform, c.readCustom, c.readServices, c.readDeepLinking, c.readReviewed} {
		if err := read(&l); err != nil {
			return Launch{}, err
		}
	}
	return l, nil
}

// readPerson reads the user identity claims (section 5.3.6). It refuses an anonymous
// launch, which has no sub (section 5.3.6.1).
func (c claims) readPerson(l *Launch) error {
	err := c.texts(map[string]*string{
		"sub": &l.User, "name": &l.Name, "given_name": &l.GivenName, "family_name": &l.FamilyName,
		"email": &l.Email, "locale": &l.Language,
	})
	switch {
	case err != nil:
		return err
	case l.User == "":
		return refuse(SubjectMissing)
	case len(l.User) > maxIdentifier:
		return refuse(IDTooLong)
	}
	if l.Name == "" {
		l.Name = strings.TrimSpace(l.GivenName + " " + l.FamilyName)
	}
	return nil
}

// readRoles reads the roles (section 5.3.7). The list may be empty, but must be
// present.
func (c claims) readRoles(l *Launch) error {
	if err := c.into(claimRoles, &l.Roles); err != nil {
		return err
	}
	if l.Roles == nil {
		return refuse(RolesMissing)
	}
	return c.into(claimMentorOf, &l.MentorOf)
}

// readPlace reads the link (section 5.3.5) and the context (section 5.4.1).
func (c claims) readPlace(l *Launch) error {
	link, err := c.object(claimResourceLink)
	if err != nil {
		return err
	}
	if err := link.texts(map[string]*string{"id": &l.ResourceLink.ID, "title": &l.ResourceLink.Title}); err != nil {
		return err
	}
	place, err := c.object(claimContext)
	if err != nil {
		return err
	}
	var course Context
	if err := place.texts(map[string]*string{"id": &course.ID, "label": &course.Label, "title": &course.Title}); err != nil {
		return err
	}
	switch {
	case l.ResourceLink.ID == "" && l.Message == ResourceLinkRequest:
		return refuse(ResourceLinkMissing)
	case len(l.ResourceLink.ID) > maxIdentifier, len(course.ID) > maxIdentifier:
		return refuse(IDTooLong)
	case course.ID != "":
		l.Context = &course
	}
	return nil
}

// readPresentation reads the language and the return URL (section 5.4.4). The language
// of the user claims is used if there is none here.
func (c claims) readPresentation(l *Launch) error {
	presentation, err := c.object(claimPresentation)
	if err != nil {
		return err
	}
	var locale string
	if err := presentation.texts(map[string]*string{"locale": &locale, "return_url": &l.ReturnURL}); err != nil {
		return err
	}
	if locale != "" {
		l.Language = locale
	}
	l.Language = normalLanguage(l.Language)
	return nil
}

// readPlatform reads the platform's claims about itself (section 5.4.2).
func (c claims) readPlatform(l *Launch) error {
	platform, err := c.object(claimPlatform)
	if err != nil {
		return err
	}
	var name, product string
	if err := platform.texts(map[string]*string{"name": &name, "product_family_code": &product}); err != nil {
		return err
	}
	if name != "" {
		l.PlatformName = name
	}
	if product != "" {
		l.Product = product
	}
	return nil
}

// readCustom reads the custom parameters (section 5.4.6). It leaves out variables that
// the platform did not replace: a value such as "$Person.name" is of no use.
func (c claims) readCustom(l *Launch) error {
	custom, err := c.object(claimCustom)
	if err != nil {
		return err
	}
	l.Custom = map[string]string{}
	for name, raw := range custom {
		var value string
		if json.Unmarshal(raw, &value) == nil && !strings.HasPrefix(value, "$") {
			l.Custom[name] = value
		}
	}
	return nil
}

// readServices reads the services that the platform offers here (AGS 2.0, section 3.1;
// NRPS 2.0). A platform sends nothing about a service that it did not grant.
func (c claims) readServices(l *Launch) error {
	roster, err := c.object(claimRoster)
	if err != nil {
		return err
	}
	if l.Services.MembershipsURL, err = roster.text("context_memberships_url"); err != nil {
		return err
	}
	grades, err := c.object(claimGrades)
	if err != nil {
		return err
	}
	if err := grades.into("scope", &l.Services.GradeScopes); err != nil {
		return err
	}
	return grades.texts(map[string]*string{"lineitems": &l.Services.LineItemsURL, "lineitem": &l.Services.LineItemURL})
}

// readReviewed reads the learner whose work is to be reviewed (LTI Submission Review
// 1.0, section 3.2).
func (c claims) readReviewed(l *Launch) error {
	if l.Message != SubmissionReviewRequest {
		return nil
	}
	learner, err := c.object(claimForUser)
	if err != nil {
		return err
	}
	if l.Reviewed, err = learner.text("user_id"); err != nil {
		return err
	}
	switch {
	case l.Reviewed == "":
		return refuse(ReviewedMissing)
	case len(l.Reviewed) > maxIdentifier:
		return refuse(IDTooLong)
	}
	return nil
}

func sameOrigin(a, b string) bool {
	u, err := url.Parse(a)
	if err != nil {
		return false
	}
	v, err := url.Parse(b)
	return err == nil && u.Host != "" && u.User == nil && u.Scheme == v.Scheme && u.Host == v.Host
}
