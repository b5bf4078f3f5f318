// A photo from the camera, made small enough for a workshop's connection.

const LONGEST_SIDE = 1600;
const QUALITY = 0.8;

/** A data URL; the file as it is where the browser cannot read it (HEIC), the server may. */
export async function shrink_photo(file) {
	try {
		const image = await window.createImageBitmap(file);
		const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
		const canvas = document.createElement("canvas");
		canvas.width = Math.round(image.width * scale);
		canvas.height = Math.round(image.height * scale);
		canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
		return canvas.toDataURL("image/jpeg", QUALITY);
	} catch {
		return read_file(file);
	}
}

function read_file(file) {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(reader.result);
		reader.onerror = () => reject(reader.error);
		reader.readAsDataURL(file);
	});
}
