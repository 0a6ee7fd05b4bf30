CREATE TABLE `writers` (
	`map_id` text NOT NULL,
	`client_id` integer NOT NULL,
	`user_id` text,
	PRIMARY KEY(`map_id`, `client_id`),
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
-- Who wrote in the log that is there. An update whose first byte is 0 only deletes: its client id is another person's.
INSERT INTO `writers` (`map_id`, `client_id`, `user_id`)
SELECT `map_id`, `client_id`, `user_id` FROM `updates` WHERE substr(`bytes`, 1, 1) <> x'00' ORDER BY `map_id`, `seq`
ON CONFLICT DO NOTHING;
