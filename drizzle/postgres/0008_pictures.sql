CREATE TABLE "map_pictures" (
	"map_id" text NOT NULL,
	"hash" text NOT NULL,
	"user_id" text NOT NULL,
	"size" bigint NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	"placed_at" timestamp (3) with time zone,
	CONSTRAINT "map_pictures_map_id_hash_pk" PRIMARY KEY("map_id","hash")
);
--> statement-breakpoint
CREATE TABLE "picture_bytes" (
	"hash" text PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pictures" (
	"hash" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"width" bigint NOT NULL,
	"height" bigint NOT NULL,
	"size" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "map_pictures" ADD CONSTRAINT "map_pictures_map_id_maps_id_fk" FOREIGN KEY ("map_id") REFERENCES "public"."maps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "map_pictures" ADD CONSTRAINT "map_pictures_hash_pictures_hash_fk" FOREIGN KEY ("hash") REFERENCES "public"."pictures"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "picture_bytes" ADD CONSTRAINT "picture_bytes_hash_pictures_hash_fk" FOREIGN KEY ("hash") REFERENCES "public"."pictures"("hash") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "map_pictures_hash" ON "map_pictures" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "map_pictures_user" ON "map_pictures" USING btree ("user_id");