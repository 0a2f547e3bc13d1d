package page

// Paths that more than one package has to know.
const (
	LoginPath  = "/lti/login"                // where a platform begins a login
	LaunchPath = "/lti/launch"               // where it sends a launch
	KeysPath   = "/lti/jwks.json"            // the tool's public keys
	FramePath  = "/c/{session:[0-9a-f]{32}}" // below it are the pages inside the LMS frame
)
