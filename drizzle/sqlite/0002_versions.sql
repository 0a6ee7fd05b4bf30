CREATE TABLE `version_people` (
	`version_id` text NOT NULL,
	`user_id` text NOT NULL,
	PRIMARY KEY(`version_id`, `user_id`),
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `versions` (
	`id` text PRIMARY KEY NOT NULL,
	`map_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text,
	`reason` text,
	`user_id` text,
	`restored_id` text,
	`seq` integer NOT NULL,
	`clv` real,
	`bytes` blob NOT NULL,
	`sha256` text NOT NULL,
	`state_vector` blob NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `versions_map` ON `versions` (`map_id`,`at`,`id`);