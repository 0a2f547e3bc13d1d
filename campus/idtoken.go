package campus

import (
	"fmt"
	"strconv"
	"time"
)

// tokenLifetime is the lifetime of Moodle's id_tokens.
const tokenLifetime = time.Minute

// claims returns the claims of an id_token (LTI Core 1.3, section 5.3) as Moodle fills
// them. The caller must hold the lock.
func (c *Campus) claims(l launch, nonce string) (object, error) {
	p, ok := c.school.person(l.user)
	if !ok {
		return nil, fmt.Errorf("campus: no user %d", l.user)
	}
	now, t := c.cfg.Now(), l.tool
	claims := object{
		"nonce": nonce, "iat": now.Unix(), "exp": now.Add(tokenLifetime).Unix(),
		"iss": c.cfg.BaseURL, "aud": t.ClientID, "sub": strconv.FormatInt(p.ID, 10),
		ltiClaim + "version":         "1.3.0",
		ltiClaim + "message_type":    l.message,
		ltiClaim + "deployment_id":   strconv.Itoa(t.ID),
		ltiClaim + "target_link_uri": l.target,
		ltiClaim + "lis":             object{"person_sourcedid": p.idNumber, "course_section_sourcedid": l.course.number},
		ltiClaim + "roles":           launchRoles(p.Role),
		ltiClaim + "context":         object{"id": l.course.text(), "label": l.course.short, "title": l.course.full, "type": []string{"CourseSection"}},
		ltiClaim + "ext":             object{"user_username": p.username, "lms": "moodle-2"},
		ltiClaim + "tool_platform": object{
			"product_family_code": "moodle", "version": version, "guid": c.kid, "name": "campus", "description": siteName,
		},
		ltiClaim + "custom": c.customValues(l, p),
	}
	if l.message == deepLinkLaunch {
		c.addDeepLinking(claims, l, p)
	} else {
		c.addLink(claims, l, p)
	}
	if l.message == reviewLaunch {
		claims[ltiClaim+"for_user"] = object{"user_id": strconv.FormatInt(l.reviewed, 10)}
	}
	c.addPerson(claims, t, p)
	c.addServices(claims, l)
	return claims, nil
}

// addLink adds the claims about the activity that is opened.
func (c *Campus) addLink(claims object, l launch, p Person) {
	a := l.activity
	claims[ltiClaim+"resource_link"] = object{"id": a.linkID(), "title": a.Name, "description": a.description}
	claims[ltiClaim+"launch_presentation"] = object{
		"locale": p.Lang, "document_target": "iframe",
		"return_url": c.url(fmt.Sprintf("/mod/lti/return.php?course=%d&launch_container=3&instanceid=%d&sesskey=%s", l.course.id, a.instance, c.sessionKey(p))),
	}
	claims["https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"] = c.basicOutcome(l.tool, a, p)
}

// addPerson adds the personal data that the privacy setting allows, as plain text.
func (c *Campus) addPerson(claims object, t *tool, p Person) {
	if t.names {
		claims["given_name"], claims["family_name"], claims["name"] = p.First, p.Last, p.Name()
	}
	if t.email {
		claims["email"] = p.Email
	}
}

// addServices adds the addresses of the services that the tool was granted.
func (c *Campus) addServices(claims object, l launch) {
	t := l.tool
	if scopes := t.gradesScopes(); len(scopes) > 0 {
		// Moodle sends results and scores, and they are always empty.
		endpoint := object{"lineitems": c.lineItemsURL(l.course, t), "results": "", "scores": "", "scope": scopes}
		if item := c.coupledItem(l.course, t, l.activity); item != nil {
			endpoint["lineitem"] = c.lineItemURL(item)
		}
		claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"] = endpoint
	}
	if t.granted(scopeRoster) {
		claims["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"] = object{
			"context_memberships_url": c.rosterURL(l.course, t), "service_versions": []string{"1.0", "2.0"},
		}
	}
}

func (c *Campus) basicOutcome(t *tool, a Activity, p Person) object {
	return object{
		"lis_result_sourcedid":    fmt.Sprintf(`{"data":{"instanceid":"%d","userid":"%d","typeid":"%d","launchid":1},"hash":"%s"}`, a.instance, p.ID, t.ID, c.kid),
		"lis_outcome_service_url": c.url("/mod/lti/service.php"),
	}
}

// launchRoles returns full URIs. Both kinds of teacher are Instructor, and so is an
// administrator who is not enrolled.
func launchRoles(r Role) []string {
	const (
		learner    = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
		instructor = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
	)
	switch r {
	case Student:
		return []string{learner}
	case Admin:
		return []string{
			"http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator", instructor,
			"http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
		}
	default:
		return []string{instructor}
	}
}
