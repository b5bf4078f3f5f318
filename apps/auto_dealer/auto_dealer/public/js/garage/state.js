// The jobs as the mechanic left them: the server's answer with what has not been sent yet laid over it.

const AFTER = { start: "In Work", pause: "Paused", finish: "Done" };

/** Copies of the jobs; a running one has `since` (the device's milliseconds). `read_at`: when the jobs were read. */
export function apply_events(jobs, events, read_at) {
	const shown = jobs.map((job) => ({
		...job,
		requests: [...job.requests],
		since: job.running_seconds === null ? null : read_at - job.running_seconds * 1000,
	}));
	for (const event of events) {
		const job = shown.find((one) => one.order === event.order && one.row === event.row);
		if (!job) continue;
		if (event.kind === "start") begin(shown, job, event);
		else if (AFTER[event.kind]) end(job, AFTER[event.kind], event.at);
		else if (event.kind === "photo") job.photos += 1;
		else if (event.kind === "part") job.requests.push({ text: event.text, qty: event.qty, is_done: 0 });
	}
	return shown;
}

function begin(jobs, job, event) {
	for (const other of jobs) {
		if (other.since && other !== job) end(other, "Paused", event.at);
	}
	if (!job.since) job.since = event.at;
	job.state = "In Work";
}

function end(job, state, at) {
	if (job.since) job.minutes += Math.max(0, (at - job.since) / 60000);
	job.since = null;
	job.state = state;
}

/** Minutes worked on the job till now. */
export function minutes_of(job, now) {
	return job.minutes + (job.since ? Math.max(0, (now - job.since) / 60000) : 0);
}
