package jobs

// Standing is what the gradebook is told by.
var Standing = standing
