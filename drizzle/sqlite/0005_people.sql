CREATE TABLE `digests` (
	`user_id` text PRIMARY KEY NOT NULL,
	`every` text NOT NULL,
	`sent_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `keys` (
	`name` text PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `muted` (
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	PRIMARY KEY(`user_id`, `kind`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `outcomes` (
	`id` text PRIMARY KEY NOT NULL,
	`map_id` text NOT NULL,
	`user_id` text NOT NULL,
	`outcome` text NOT NULL,
	`note` text NOT NULL,
	`clv` real,
	`at` integer NOT NULL,
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `outcomes_map` ON `outcomes` (`map_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `reviewers` (
	`map_id` text NOT NULL,
	`user_id` text NOT NULL,
	PRIMARY KEY(`map_id`, `user_id`),
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reviews` (
	`map_id` text PRIMARY KEY NOT NULL,
	`due_at` integer,
	`every` text NOT NULL,
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `suggestions` (
	`id` text PRIMARY KEY NOT NULL,
	`map_id` text NOT NULL,
	`user_id` text NOT NULL,
	`change` text NOT NULL,
	`about` text NOT NULL,
	`why` text,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`held_by` text,
	`held_until` integer,
	`decided_by` text,
	`decided_at` integer,
	`reason` text,
	`clv_before` real,
	`clv_after` real,
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `suggestions_map` ON `suggestions` (`map_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `wins` (
	`id` text PRIMARY KEY NOT NULL,
	`map_id` text NOT NULL,
	`user_id` text NOT NULL,
	`text` text NOT NULL,
	`amount` real,
	`at` integer NOT NULL,
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `wins_map` ON `wins` (`map_id`,`at`,`id`);--> statement-breakpoint
ALTER TABLE `inbox` ADD `subject` text;--> statement-breakpoint
ALTER TABLE `inbox` ADD `by_id` text;--> statement-breakpoint
ALTER TABLE `inbox` ADD `text` text;--> statement-breakpoint
ALTER TABLE `inbox` ADD `about` text;--> statement-breakpoint
ALTER TABLE `inbox` ADD `mailed_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_subject` ON `inbox` (`user_id`,`subject`);