package badges

import "time"

// Action names an event of the audit log.
type Action string

// The audited actions.
const (
	BadgeCreated      Action = "badge_created"
	BadgeEdited       Action = "badge_edited"
	BadgeSwitchedOn   Action = "badge_switched_on"
	BadgeSwitchedOff  Action = "badge_switched_off"
	AssertionAwarded  Action = "assertion_awarded"
	AssertionClaimed  Action = "assertion_claimed"
	AssertionDeclined Action = "assertion_declined"
	ConsentChanged    Action = "consent_changed"
	EvidenceLost      Action = "evidence_fell"
	EvidenceBack      Action = "evidence_back"
	AwardsReleased    Action = "awards_released"
	ReleaseUndone     Action = "release_undone"
	AwardDelivered    Action = "award_delivered" // a release took effect
	PassedOver        Action = "passed_over"
	AwardKept         Action = "award_kept"
	AwardTakenBack    Action = "award_taken_back"
	AwardReplaced     Action = "award_replaced" // by a higher step
	AwardRestored     Action = "award_restored" // because the higher step was taken back
	AwardMadePrivate  Action = "award_made_private"
	AwardMadePublic   Action = "award_made_public"
	AwardErased       Action = "award_erased"
	AddressGiven      Action = "address_given"     // by the learner, and not confirmed yet
	AddressConfirmed  Action = "address_confirmed" // by the learner, from the mail to it
	AddressTold       Action = "address_told"      // by the LMS, after the award
	StepMade          Action = "step_made"         // the badge became the next step of another
	StepLeft          Action = "step_left"
	PolicyChanged     Action = "policy_changed"
	NoticeResent      Action = "notice_resent"
	PlatformAdded     Action = "platform_added"
	PlatformChanged   Action = "platform_changed" // its name or endpoints
	DeploymentDecided Action = "deployment_decided"
	ServiceChanged    Action = "service_changed"
	IssuerSaved       Action = "issuer_saved"
	MailChanged       Action = "mail_changed"

	KeyCreated  Action = "key_created"
	KeyPromoted Action = "key_promoted" // it began to sign
	KeyRetired  Action = "key_retired"  // it stopped signing
	KeyDeleted  Action = "key_deleted"

	AwardProposed      Action = "award_proposed"
	AwardConfirmed     Action = "award_confirmed"
	AwardRefused       Action = "award_refused"
	ProposalTakenBack  Action = "proposal_taken_back" // by the teacher who made it
	EndorsementAsked   Action = "endorsement_asked"
	EndorsementDropped Action = "endorsement_dropped"

	RetroactiveChosen Action = "earlier_chosen" // by the teacher who switches the badge on
	JuryChanged       Action = "jury_changed"
	InvitationCreated Action = "invitation_created"
	InvitationRevoked Action = "invitation_revoked"
	InvitationUsed    Action = "invitation_used" // by a registration
	AdminLinkMade     Action = "admin_link_made"
	AdminSignedIn     Action = "admin_signed_in"
)

// Actors that are not users of an LMS.
const (
	ByRule     = "rule"     // the service, following a badge's rule or policy
	ByAdmin    = "admin"    // the signed-in administrator
	ByOperator = "operator" // a command on the server
	ByPlatform = "platform" // the LMS, through a launch or a registration
	ByHolder   = "holder"   // the learner of an erased award, who is not named any more
)

// AuditEntry is one line of the audit log. It names people only by their LMS
// id, and contains no secret. Old and New are short texts (a state, a choice,
// an id, the number of a version) or JSON objects with the values that changed.
type AuditEntry struct {
	At     time.Time
	Course CourseKey // Context is empty for events of a whole platform; both are empty for events of the installation
	Actor  string    // one of the constants above, or an LMS user id
	Action Action
	Object string // id of the badge, assertion, proposal, issuer, platform, deployment or key, name of a setting, or first digits of a link's hash
	Old    string // the value before; empty if there was none
	New    string // the value after; empty if there is none
	Reason string // a text that somebody wrote, or a code; of a key, the id of its organisation; may be empty
}
