CREATE TABLE `stamps` (
	`map_id` text NOT NULL,
	`client_id` integer NOT NULL,
	`clock` integer NOT NULL,
	`user_id` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`map_id`, `client_id`, `clock`),
	FOREIGN KEY (`map_id`) REFERENCES `maps`(`id`) ON UPDATE no action ON DELETE cascade
);
