PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_inbox` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`map_id` text NOT NULL,
	`comment_id` text,
	`subject` text,
	`by_id` text,
	`text` text,
	`about` text,
	`at` integer NOT NULL,
	`read_at` integer,
	`mailed_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`comment_id`) REFERENCES `comments`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_inbox`("id", "user_id", "kind", "map_id", "comment_id", "subject", "by_id", "text", "about", "at", "read_at", "mailed_at") SELECT "id", "user_id", "kind", "map_id", "comment_id", "subject", "by_id", "text", "about", "at", "read_at", "mailed_at" FROM `inbox`;--> statement-breakpoint
DROP TABLE `inbox`;--> statement-breakpoint
ALTER TABLE `__new_inbox` RENAME TO `inbox`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `inbox_user` ON `inbox` (`user_id`,`at`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_once` ON `inbox` (`user_id`,`comment_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_subject` ON `inbox` (`user_id`,`subject`);