package jobs

// Keep renews a lease.
var Keep = keep
