CREATE TABLE `map_pictures` (
	`map_id` text NOT NULL,
	`hash` text NOT NULL,
	`user_id` text NOT NULL,
	`size` integer NOT NULL,
	`added_at` integer NOT NULL,
	`placed_at` integer,
	PRIMARY KEY(`map_id`, `hash`),
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`hash`) REFERENCES `pictures`(`hash`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `map_pictures_hash` ON `map_pictures` (`hash`);--> statement-breakpoint
CREATE INDEX `map_pictures_user` ON `map_pictures` (`user_id`);--> statement-breakpoint
CREATE TABLE `picture_bytes` (
	`hash` text PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL,
	FOREIGN KEY (`hash`) REFERENCES `pictures`(`hash`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `pictures` (
	`hash` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`size` integer NOT NULL,
	`at` integer NOT NULL
);
