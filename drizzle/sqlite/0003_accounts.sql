CREATE TABLE `resets` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `resets_user` ON `resets` (`user_id`);--> statement-breakpoint
CREATE TABLE `tries` (
	`who` text PRIMARY KEY NOT NULL,
	`failed` integer NOT NULL,
	`at` integer NOT NULL
);
